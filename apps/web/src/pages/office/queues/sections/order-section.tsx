import { Alert, Anchor, Group, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconFilter, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Empty } from "../../../../kit/empty.tsx";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntityMultiSelect, SkillLevels } from "../../entity/fields.tsx";
import { Parts } from "../../entity/parts.tsx";
import { RuleCards } from "../../entity/rule-cards.tsx";
import { TierChoice } from "../../entity/tier-choice.tsx";
import { ExpressionEditor } from "../../expression/expression-editor.tsx";
import { placeIn, useQueueEditor } from "../editor-context.ts";
import { type Criterion, freeRuleId } from "../queue-draft.ts";
import { criterionSentence } from "../queue-words.ts";
import { FieldFindings, SectionFrame, SubSection } from "./section-parts.tsx";
import { RaiseInput } from "./widening-section.tsx";

/** Whose turn it is: priority, what waiting adds to it, and criteria over the customer and the contact. */
export function OrderSection() {
  const { t } = useTranslation();
  const { form, values, setRouting, remember, wording, field } = useQueueEditor();
  const { criteria } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.order")} text={t("queue_editor.order_text")}>
      <NumberInput
        label={t("queues.priority")}
        description={t("queues.priority_hint")}
        min={0}
        max={100}
        maw={320}
        {...form.getInputProps("priority")}
      />
      <Ageing />
      <SubSection title={t("queue_editor.criteria")} text={t("queue_editor.criteria_text")}>
        {criteria.length === 0 && (
          <Empty
            compact
            icon={IconFilter}
            title={t("queue_editor.no_criteria")}
            text={t("queue_editor.no_criteria_text")}
          />
        )}
        <RuleCards
          testId="criteria"
          rules={criteria}
          ordered
          most={50}
          open={placeIn(field, "routing.criteria")}
          sentenceOf={(criterion) => criterionSentence(criterion, wording)}
          nameOf={(criterion) => t("queue_editor.criterion_name", { id: criterion.id })}
          addLabel={t("queue_editor.add_criterion")}
          make={(): Criterion => ({ id: freeRuleId("criterion", criteria), when: "", raise: 10 })}
          beside={(_, index, isOpen) => <FieldFindings at={`routing.criteria.${index}`} isOpen={isOpen} />}
          onChange={(next, what) => {
            if (what !== "changed") remember();
            setRouting({ criteria: next });
          }}
          body={(criterion, _index, change) => <CriterionFields criterion={criterion} onChange={change} />}
        />
      </SubSection>
      <CentreStrategyFields />
    </SectionFrame>
  );
}

function Ageing() {
  const { t } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { ageing } = values.routing;
  return (
    <Stack gap="sm">
      <Switch
        label={t("queue_editor.ageing")}
        description={t("queue_editor.ageing_hint")}
        checked={ageing !== null}
        onChange={(event) =>
          setRouting({ ageing: event.currentTarget.checked ? { everyMs: 60_000, by: 1, most: 20 } : null })
        }
      />
      {ageing && (
        <Group align="flex-end">
          <DurationInput
            label={t("queue_editor.ageing_every")}
            minMs={1_000}
            maxMs={86_400_000}
            maw={200}
            value={ageing.everyMs}
            onChange={(everyMs) => setRouting({ ageing: { ...ageing, everyMs } })}
          />
          <NumberInput
            label={t("queue_editor.ageing_by")}
            min={1}
            max={100}
            allowDecimal={false}
            maw={140}
            value={ageing.by}
            onChange={(by) => setRouting({ ageing: { ...ageing, by: typeof by === "number" ? by : 1 } })}
          />
          <NumberInput
            label={t("queue_editor.ageing_most")}
            min={1}
            max={1_000}
            allowDecimal={false}
            maw={140}
            value={ageing.most}
            onChange={(most) =>
              setRouting({ ageing: { ...ageing, most: typeof most === "number" ? most : 1 } })
            }
          />
        </Group>
      )}
      <FieldFindings at="routing.ageing" />
    </Stack>
  );
}

function CriterionFields(props: {
  readonly criterion: Criterion;
  readonly onChange: (criterion: Criterion) => void;
}) {
  const { t } = useTranslation();
  const { criterion, onChange } = props;
  const without = (key: keyof Criterion): void => {
    const { [key]: _, ...rest } = criterion;
    onChange(rest as Criterion);
  };
  return (
    <>
      <ExpressionEditor
        label={t("queue_editor.criterion_when")}
        description={t("queue_editor.criterion_when_hint")}
        value={criterion.when}
        onChange={(when) => onChange({ ...criterion, when })}
      />
      <Parts
        addLabel={t("queue_editor.add_effect")}
        none={t("queue_editor.criterion_says_nothing")}
        parts={[
          {
            key: "raise",
            label: t("queue_editor.raise"),
            hint: t("queue_editor.raise_hint"),
            present: criterion.raise !== undefined,
            add: () => onChange({ ...criterion, raise: 10 }),
            remove: () => without("raise"),
            body: (
              <RaiseInput
                value={criterion.raise ?? 0}
                onChange={(raise) => onChange({ ...criterion, raise })}
              />
            ),
          },
          {
            key: "skills",
            label: t("queue_editor.criterion_skills"),
            hint: t("queue_editor.criterion_skills_hint"),
            present: criterion.requiredSkills !== undefined,
            add: () => onChange({ ...criterion, requiredSkills: [] }),
            remove: () => without("requiredSkills"),
            body: (
              <SkillLevels
                label={t("queue_editor.criterion_skills")}
                description={t("queue_editor.criterion_skills_hint")}
                levelKey="minLevel"
                value={criterion.requiredSkills ?? []}
                onChange={(requiredSkills) => onChange({ ...criterion, requiredSkills })}
              />
            ),
          },
          {
            key: "preferred",
            label: t("queue_editor.preferred_skills"),
            hint: t("queue_editor.preferred_skills_hint"),
            present: criterion.preferredSkillIds !== undefined,
            add: () => onChange({ ...criterion, preferredSkillIds: [] }),
            remove: () => without("preferredSkillIds"),
            body: (
              <EntityMultiSelect
                kind="skill"
                routes={api.skills}
                label={t("queue_editor.preferred_skills")}
                value={criterion.preferredSkillIds ?? []}
                onChange={(preferredSkillIds: string[]) => onChange({ ...criterion, preferredSkillIds })}
              />
            ),
          },
          {
            key: "tiers",
            label: t("queue_editor.criterion_tiers"),
            hint: t("queue_editor.criterion_tiers_hint"),
            present: criterion.tiers !== undefined,
            add: () => onChange({ ...criterion, tiers: [2] }),
            remove: () => without("tiers"),
            body: (
              <TierChoice
                label={t("queue_editor.criterion_tiers")}
                value={criterion.tiers ?? []}
                onChange={(tiers) => onChange({ ...criterion, tiers })}
              />
            ),
          },
        ]}
      />
      <RuleIdInput value={criterion.id} onChange={(id) => onChange({ ...criterion, id })} />
    </>
  );
}

/** The word by which a rule is known in the history of a contact. */
export function RuleIdInput(props: { readonly value: string; readonly onChange: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("queue_editor.rule_id")}
      description={t("queue_editor.rule_id_hint")}
      maw={320}
      maxLength={40}
      value={props.value}
      onChange={(event) =>
        props.onChange(
          event.currentTarget.value
            .toLowerCase()
            .replace(/\s/g, "-")
            .replace(/[^a-z0-9_-]/g, ""),
        )
      }
    />
  );
}

const GROWS = ["constant", "with_wait", "with_length"] as const;

/** What the centre's way of choosing work needs to know of this queue, and nothing else. */
function CentreStrategyFields() {
  const { t } = useTranslation();
  const { values, setRouting, workStrategy } = useQueueEditor();
  const { cost, share } = values.routing;
  if (workStrategy === undefined) return null;
  return (
    <SubSection title={t("queue_editor.among_queues")}>
      <Alert variant="light" color="gray" icon={<IconInfoCircle size={18} />}>
        {t("queue_editor.among_queues_text", { strategy: t(`work_strategy.${workStrategy}`) })}{" "}
        {t(`work_strategy.${workStrategy}_asks`)}{" "}
        <Anchor component={Link} href="/office/routing-rules" size="sm">
          {t("office.routing-rules")}
        </Anchor>
      </Alert>
      {workStrategy === "gcmu" && (
        <Group align="flex-end">
          <NumberInput
            label={t("queue_editor.cost_weight")}
            min={0}
            max={1_000_000}
            maw={200}
            value={cost?.weight ?? 1}
            onChange={(weight) =>
              setRouting({
                cost: { grows: cost?.grows ?? "constant", weight: typeof weight === "number" ? weight : 1 },
              })
            }
          />
          <Select
            label={t("queue_editor.cost_grows")}
            w={300}
            maw="100%"
            data={GROWS.map((each) => ({ value: each, label: t(`queue_editor.grows_${each}`) }))}
            value={cost?.grows ?? "constant"}
            onChange={(grows) =>
              setRouting({ cost: { weight: cost?.weight ?? 1, grows: grows as (typeof GROWS)[number] } })
            }
          />
        </Group>
      )}
      <FieldFindings at="routing.cost" />
      {workStrategy === "fqr" && (
        <NumberInput
          label={t("queue_editor.share")}
          description={t("queue_editor.share_hint")}
          min={0}
          max={1_000_000}
          maw={420}
          value={share}
          onChange={(next) => setRouting({ share: typeof next === "number" ? next : 1 })}
        />
      )}
      <FieldFindings at="routing.share" />
    </SubSection>
  );
}
