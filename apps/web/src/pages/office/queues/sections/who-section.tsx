import { NumberInput, Radio, Slider, Stack, Switch, Text } from "@mantine/core";
import { AGENT_STRATEGIES, api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../../format/duration.ts";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntityMultiSelect, SkillLevels } from "../../entity/fields.tsx";
import { TierChoice } from "../../entity/tier-choice.tsx";
import { FindingNote } from "../../findings/finding-note.tsx";
import { saidAt } from "../../findings/finding-words.ts";
import { useQueueEditor } from "../editor-context.ts";
import { idlePerLevelMs } from "../queue-draft.ts";
import { FieldFindings, SectionFrame, SubSection } from "./section-parts.tsx";

/** Whom the contacts need, who is asked at first, and who of several gets one. */
export function WhoSection() {
  const { t } = useTranslation();
  const { form, values, setRouting, findings } = useQueueEditor();
  const { routing } = values;
  const ofAll = findings.filter(({ field }) => field === null || field === "" || field === "agentIds");
  return (
    <SectionFrame title={t("queue_editor.who")} text={t("queue_editor.who_text")}>
      {ofAll.map((said) => (
        <FindingNote key={said.code} said={said} />
      ))}
      <SkillLevels
        label={t("queues.required_skills")}
        description={t("queues.required_skills_hint")}
        levelKey="minLevel"
        value={values.requiredSkills}
        onChange={(skills) => form.setFieldValue("requiredSkills", skills)}
      />
      <FieldFindings at="requiredSkills" />
      <EntityMultiSelect
        kind="skill"
        routes={api.skills}
        label={t("queue_editor.preferred_skills")}
        description={t("queue_editor.preferred_skills_hint")}
        value={routing.preferredSkillIds}
        onChange={(preferredSkillIds: never) => setRouting({ preferredSkillIds })}
      />
      <FieldFindings at="routing.preferredSkillIds" />
      <SubSection title={t("queue_editor.first")} text={t("queue_editor.first_text")}>
        <EntityMultiSelect
          kind="team"
          routes={api.teams}
          label={t("queue_editor.first_teams")}
          placeholder={routing.groupIds.length === 0 ? t("queue_editor.any_team") : ""}
          value={routing.groupIds}
          onChange={(groupIds: never) => setRouting({ groupIds })}
        />
        <FieldFindings at="routing.groupIds" />
        <EntityMultiSelect
          kind="site"
          routes={api.sites}
          label={t("queue_editor.first_sites")}
          placeholder={routing.siteIds.length === 0 ? t("queue_editor.any_site") : ""}
          value={routing.siteIds}
          onChange={(siteIds: never) => setRouting({ siteIds })}
        />
        <FieldFindings at="routing.siteIds" />
        <TierChoice
          label={t("queue_editor.first_tiers")}
          description={t("queue_editor.first_tiers_hint")}
          value={routing.tiers}
          onChange={(tiers) => setRouting({ tiers })}
        />
        <FieldFindings at="routing.tiers" />
      </SubSection>
      <SubSection title={t("queue_editor.several")} text={t("queue_editor.several_text")}>
        <StrategyChoice />
        <LastAgent />
      </SubSection>
      <SubSection title={t("queue_editor.ever")} text={t("queue_editor.ever_text")}>
        <EntityMultiSelect
          kind="team"
          routes={api.teams}
          label={t("queues.teams")}
          description={t("queues.teams_hint")}
          {...form.getInputProps("teamIds")}
        />
        <EntityMultiSelect
          kind="user"
          routes={api.users}
          keep={(user: { agent: unknown }) => user.agent !== null}
          label={t("queues.agents")}
          {...form.getInputProps("agentIds")}
        />
      </SubSection>
    </SectionFrame>
  );
}

/** Each strategy with one sentence of what it does to people. */
function StrategyChoice() {
  const { t, i18n } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { agentStrategy, qualityWeight } = values.routing;
  const perLevelMs = idlePerLevelMs(qualityWeight);
  return (
    <>
      <Radio.Group
        aria-label={t("queue_editor.several")}
        value={agentStrategy}
        onChange={(value) => setRouting({ agentStrategy: value as typeof agentStrategy })}
      >
        <Stack gap={10}>
          {AGENT_STRATEGIES.map((strategy) => (
            <Radio
              key={strategy}
              value={strategy}
              label={t(`strategy.${strategy}`)}
              description={t(`strategy.${strategy}_hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <FieldFindings at="routing.agentStrategy" />
      {agentStrategy === "balanced" && (
        <Stack gap={4} maw={520} pl="xl">
          <Text size="sm" fw={500} id="quality-weight">
            {t("queue_editor.quality_weight")}
          </Text>
          <Slider
            min={0}
            max={100}
            step={5}
            label={(percent) => `${percent} %`}
            thumbLabel={t("queue_editor.quality_weight")}
            value={Math.round(qualityWeight * 100)}
            onChange={(percent) => setRouting({ qualityWeight: percent / 100 })}
            marks={[
              { value: 0, label: t("queue_editor.efficiency") },
              { value: 100, label: t("queue_editor.quality") },
            ]}
            styles={{ markLabel: { whiteSpace: "nowrap" } }}
            mx={34}
            mb="lg"
          />
          <Text size="sm" role="status">
            {qualityWeight === 0
              ? t("queue_editor.trade_efficiency")
              : qualityWeight === 1
                ? t("queue_editor.trade_quality")
                : t("queue_editor.trade", { time: formatSpan(perLevelMs, i18n.language) })}
          </Text>
          <FieldFindings at="routing.qualityWeight" />
        </Stack>
      )}
    </>
  );
}

const LAST_AGENT_DAYS = 7;
const LAST_AGENT_WAIT_MS = 20_000;

/** Whether a customer gets the agent they know. */
function LastAgent() {
  const { t } = useTranslation();
  const { values, setRouting, findings } = useQueueEditor();
  const { lastAgentDays, preferredWaitMs } = values.routing;
  const wrong = saidAt(findings, "routing.preferredWaitMs").length > 0;
  return (
    <Stack gap="sm" mt="xs">
      <Switch
        label={t("queue_editor.last_agent")}
        description={t("queue_editor.last_agent_hint")}
        checked={lastAgentDays !== null}
        onChange={(event) =>
          setRouting(
            event.currentTarget.checked
              ? { lastAgentDays: LAST_AGENT_DAYS, preferredWaitMs: preferredWaitMs || LAST_AGENT_WAIT_MS }
              : { lastAgentDays: null },
          )
        }
      />
      {lastAgentDays !== null && (
        <NumberInput
          label={t("queue_editor.last_agent_days")}
          suffix={` ${t("clients.days_suffix")}`}
          min={1}
          max={365}
          allowDecimal={false}
          maw={240}
          value={lastAgentDays}
          onChange={(days) => setRouting({ lastAgentDays: typeof days === "number" ? days : 1 })}
        />
      )}
      {(lastAgentDays !== null || preferredWaitMs > 0 || wrong) && (
        <DurationInput
          label={t("queue_editor.preferred_wait")}
          description={t("queue_editor.preferred_wait_hint")}
          minMs={0}
          maxMs={3_600_000}
          value={preferredWaitMs}
          onChange={(ms) => setRouting({ preferredWaitMs: ms })}
          maw={420}
        />
      )}
      <FieldFindings at="routing.preferredWaitMs" />
    </Stack>
  );
}
