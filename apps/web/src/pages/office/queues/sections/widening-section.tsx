import { NumberInput, Stack, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconStairsUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../../../kit/empty.tsx";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntityMultiSelect, SkillLevels } from "../../entity/fields.tsx";
import { Parts } from "../../entity/parts.tsx";
import { RuleCards } from "../../entity/rule-cards.tsx";
import { TierChoice } from "../../entity/tier-choice.tsx";
import { placeIn, useQueueEditor } from "../editor-context.ts";
import { askedAfter, inOrder, lowered, nextStep, type Step } from "../queue-draft.ts";
import { skillList, stepSentence } from "../queue-words.ts";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

/** What is asked less, or of more people, the longer somebody waits. */
export function WideningSection() {
  const { t } = useTranslation();
  const { values, setRouting, remember, wording, field } = useQueueEditor();
  const { steps } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.widening")} text={t("queue_editor.widening_text")}>
      <Text size="sm" className="sv-surface" p="sm">
        <strong>{t("queue_editor.at_first")}:</strong>{" "}
        {values.requiredSkills.length === 0
          ? t("queue_words.no_skills")
          : skillList(values.requiredSkills, wording)}
      </Text>
      {steps.length === 0 && (
        <Empty
          compact
          icon={IconStairsUp}
          title={t("queue_editor.no_steps")}
          text={t("queue_editor.no_steps_text")}
        />
      )}
      <RuleCards
        testId="steps"
        rules={steps}
        ordered={false}
        most={20}
        open={placeIn(field, "routing.steps")}
        sentenceOf={(step) => stepSentence(step, wording)}
        nameOf={(_, index) => t("queue_editor.step_name", { number: index + 1 })}
        addLabel={t("queue_editor.add_step")}
        make={() => nextStep(values)}
        beside={(_, index, isOpen) => <FieldFindings at={`routing.steps.${index}`} isOpen={isOpen} />}
        onChange={(next, what) => {
          if (what !== "changed") remember();
          setRouting({ steps: next });
        }}
        body={(step, index, change) => <StepFields step={step} index={index} onChange={change} />}
      />
    </SectionFrame>
  );
}

function StepFields(props: {
  readonly step: Step;
  readonly index: number;
  readonly onChange: (step: Step) => void;
}) {
  const { t } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { step, index, onChange } = props;
  const before = askedAfter(values, index);
  const without = (key: keyof Step): void => {
    const { [key]: _, ...rest } = step;
    onChange(rest as Step);
  };
  return (
    <Stack
      gap="md"
      onBlur={() => {
        const sorted = inOrder(values.routing.steps);
        if (sorted.some((each, at) => each !== values.routing.steps[at])) setRouting({ steps: sorted });
      }}
    >
      <DurationInput
        label={t("queue_editor.step_after")}
        description={t("queue_editor.step_after_hint")}
        minMs={0}
        maxMs={86_400_000}
        value={step.afterMs}
        onChange={(afterMs) => onChange({ ...step, afterMs })}
      />
      <Parts
        addLabel={t("queue_editor.add_change")}
        none={t("queue_editor.step_says_nothing")}
        parts={[
          {
            key: "skills",
            label: t("queue_editor.step_skills"),
            hint: t("queue_editor.step_skills_hint"),
            present: step.skills !== undefined,
            add: () => onChange({ ...step, skills: lowered(before.skills) ?? [...before.skills] }),
            remove: () => without("skills"),
            body: (
              <SkillLevels
                label={t("queue_editor.step_skills")}
                description={t("queue_editor.step_skills_hint")}
                levelKey="minLevel"
                value={step.skills ?? []}
                onChange={(skills) => onChange({ ...step, skills })}
              />
            ),
          },
          {
            key: "teams",
            label: t("queue_editor.step_teams"),
            hint: t("queue_editor.step_teams_hint"),
            present: step.groupIds !== undefined,
            add: () => onChange({ ...step, groupIds: null }),
            remove: () => without("groupIds"),
            body: (
              <EntityMultiSelect
                kind="team"
                routes={api.teams}
                label={t("queue_editor.step_teams")}
                placeholder={step.groupIds?.length ? "" : t("queue_editor.any_team")}
                value={step.groupIds ?? []}
                onChange={(ids: string[]) => onChange({ ...step, groupIds: ids.length === 0 ? null : ids })}
              />
            ),
          },
          {
            key: "sites",
            label: t("queue_editor.step_sites"),
            hint: t("queue_editor.step_sites_hint"),
            present: step.siteIds !== undefined,
            add: () => onChange({ ...step, siteIds: null }),
            remove: () => without("siteIds"),
            body: (
              <EntityMultiSelect
                kind="site"
                routes={api.sites}
                label={t("queue_editor.step_sites")}
                placeholder={step.siteIds?.length ? "" : t("queue_editor.any_site")}
                value={step.siteIds ?? []}
                onChange={(ids: string[]) => onChange({ ...step, siteIds: ids.length === 0 ? null : ids })}
              />
            ),
          },
          {
            key: "tiers",
            label: t("queue_editor.step_tiers"),
            hint: t("queue_editor.step_tiers_hint"),
            present: step.tiers !== undefined,
            add: () => onChange({ ...step, tiers: null }),
            remove: () => without("tiers"),
            body: (
              <TierChoice
                label={t("queue_editor.step_tiers")}
                description={t("queue_editor.none_is_any")}
                value={step.tiers ?? []}
                onChange={(tiers) => onChange({ ...step, tiers: tiers.length === 0 ? null : tiers })}
              />
            ),
          },
          {
            key: "raise",
            label: t("queue_editor.raise"),
            hint: t("queue_editor.raise_hint"),
            present: step.raise !== undefined,
            add: () => onChange({ ...step, raise: 10 }),
            remove: () => without("raise"),
            body: <RaiseInput value={step.raise ?? 0} onChange={(raise) => onChange({ ...step, raise })} />,
          },
        ]}
      />
    </Stack>
  );
}

/** Added to the priority; less than nothing lowers it. */
export function RaiseInput(props: { readonly value: number; readonly onChange: (raise: number) => void }) {
  const { t } = useTranslation();
  return (
    <NumberInput
      label={t("queue_editor.raise")}
      description={t("queue_editor.raise_hint")}
      min={-100}
      max={100}
      allowDecimal={false}
      maw={320}
      value={props.value}
      onChange={(raise) => props.onChange(typeof raise === "number" ? raise : 0)}
    />
  );
}
