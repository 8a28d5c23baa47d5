import { Group, NumberInput, Select, Stack, Switch, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../../../kit/empty.tsx";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntityMultiSelect, EntitySelect } from "../../entity/fields.tsx";
import { type Part, Parts } from "../../entity/parts.tsx";
import { RuleCards } from "../../entity/rule-cards.tsx";
import { ExpressionEditor } from "../../expression/expression-editor.tsx";
import { promptRoutes } from "../../prompts/prompt-routes.ts";
import { placeIn, useQueueEditor } from "../editor-context.ts";
import { freeRuleId, type OverflowRule } from "../queue-draft.ts";
import { ruleSentence } from "../queue-words.ts";
import { RuleIdInput } from "./order-section.tsx";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

const DAY_MS = 86_400_000;

/** Where contacts go when too many wait, too long, or nobody is there. */
export function OverflowSection() {
  const { t } = useTranslation();
  const { values, setRouting, remember, wording, field } = useQueueEditor();
  const { overflow, hoursId } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.overflow")} text={t("queue_editor.overflow_text")}>
      {overflow.length === 0 && (
        <Empty
          compact
          icon={IconArrowsSplit2}
          title={t("queue_editor.no_overflow")}
          text={t("queue_editor.no_overflow_text")}
        />
      )}
      {overflow.length > 1 && (
        <Text size="xs" c="dimmed">
          {t("queue_editor.overflow_order")}
        </Text>
      )}
      <RuleCards
        testId="overflow"
        rules={overflow}
        ordered
        most={20}
        open={placeIn(field, "routing.overflow")}
        sentenceOf={(rule) => ruleSentence(rule, wording)}
        nameOf={(rule) => t("queue_editor.rule_name", { id: rule.id })}
        addLabel={t("queue_editor.add_rule")}
        make={(): OverflowRule => ({
          id: freeRuleId("rule", overflow),
          afterMs: 120_000,
          to: { kind: "callback" },
        })}
        beside={(_, index, isOpen) => <FieldFindings at={`routing.overflow.${index}`} isOpen={isOpen} />}
        onChange={(next, what) => {
          if (what !== "changed") remember();
          setRouting({ overflow: next });
        }}
        body={(rule, _index, change) => <RuleFields rule={rule} onChange={change} />}
      />
      <EntitySelect
        kind="hours"
        routes={api.hours}
        label={t("queue_editor.hours")}
        description={t("queue_editor.hours_hint")}
        placeholder={t("queue_editor.hours_none")}
        clearable
        value={hoursId}
        onChange={(id: never) => setRouting({ hoursId: id })}
      />
      <FieldFindings at="routing.hoursId" />
    </SectionFrame>
  );
}

function RuleFields(props: { readonly rule: OverflowRule; readonly onChange: (rule: OverflowRule) => void }) {
  const { t } = useTranslation();
  const { rule, onChange } = props;
  const conditions = useConditionParts(rule, onChange);
  return (
    <>
      <DurationInput
        label={t("queue_editor.rule_after")}
        description={t("queue_editor.rule_after_hint")}
        minMs={0}
        maxMs={DAY_MS}
        maw={420}
        value={rule.afterMs}
        onChange={(afterMs) => onChange({ ...rule, afterMs })}
      />
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {t("queue_editor.rule_conditions")}
        </Text>
        <Parts
          addLabel={t("queue_editor.add_condition")}
          none={t("queue_editor.no_conditions")}
          parts={conditions}
        />
      </Stack>
      <TargetFields rule={rule} onChange={onChange} />
      <RuleIdInput value={rule.id} onChange={(id) => onChange({ ...rule, id })} />
    </>
  );
}

/** Everything that a rule may ask beside the time. */
function useConditionParts(rule: OverflowRule, onChange: (rule: OverflowRule) => void): readonly Part[] {
  const { t } = useTranslation();
  const without = (key: keyof OverflowRule): void => {
    const { [key]: _, ...rest } = rule;
    onChange(rest as OverflowRule);
  };
  return [
    {
      key: "expected",
      label: t("queue_editor.expected_over"),
      hint: t("queue_editor.expected_over_hint"),
      present: rule.expectedWaitOverMs !== undefined,
      add: () => onChange({ ...rule, expectedWaitOverMs: 300_000 }),
      remove: () => without("expectedWaitOverMs"),
      body: (
        <DurationInput
          label={t("queue_editor.expected_over")}
          description={t("queue_editor.expected_over_hint")}
          minMs={0}
          maxMs={DAY_MS}
          maw={420}
          value={rule.expectedWaitOverMs ?? 0}
          onChange={(expectedWaitOverMs) => onChange({ ...rule, expectedWaitOverMs })}
        />
      ),
    },
    {
      key: "length",
      label: t("queue_editor.length_over"),
      hint: t("queue_editor.length_over_hint"),
      present: rule.lengthOver !== undefined,
      add: () => onChange({ ...rule, lengthOver: 10 }),
      remove: () => without("lengthOver"),
      body: (
        <NumberInput
          label={t("queue_editor.length_over")}
          description={t("queue_editor.length_over_hint")}
          min={0}
          max={100_000}
          allowDecimal={false}
          maw={420}
          value={rule.lengthOver ?? 0}
          onChange={(n) => onChange({ ...rule, lengthOver: typeof n === "number" ? n : 0 })}
        />
      ),
    },
    {
      key: "per_agent",
      label: t("queue_editor.per_agent_over"),
      hint: t("queue_editor.per_agent_over_hint"),
      present: rule.perAgentOver !== undefined,
      add: () => onChange({ ...rule, perAgentOver: 3 }),
      remove: () => without("perAgentOver"),
      body: (
        <NumberInput
          label={t("queue_editor.per_agent_over")}
          description={t("queue_editor.per_agent_over_hint")}
          min={0}
          max={1_000}
          decimalScale={2}
          maw={420}
          value={rule.perAgentOver ?? 0}
          onChange={(n) => onChange({ ...rule, perAgentOver: typeof n === "number" ? n : 0 })}
        />
      ),
    },
    {
      key: "no_agents",
      label: t("queue_editor.no_agents"),
      hint: t("queue_editor.no_agents_hint"),
      present: rule.noAgents === true,
      add: () => onChange({ ...rule, noAgents: true }),
      remove: () => without("noAgents"),
    },
    {
      key: "closed",
      label: t("queue_editor.closed"),
      hint: t("queue_editor.closed_hint"),
      present: rule.closed === true,
      add: () => onChange({ ...rule, closed: true }),
      remove: () => without("closed"),
    },
    {
      key: "when",
      label: t("queue_editor.rule_when"),
      hint: t("queue_editor.rule_when_hint"),
      present: rule.when !== undefined,
      add: () => onChange({ ...rule, when: "" }),
      remove: () => without("when"),
      body: (
        <ExpressionEditor
          label={t("queue_editor.rule_when")}
          value={rule.when ?? ""}
          onChange={(when) => onChange({ ...rule, when })}
        />
      ),
    },
    {
      key: "every",
      label: t("queue_editor.rule_every"),
      hint: t("queue_editor.rule_every_hint"),
      present: rule.everyMs !== undefined,
      add: () => onChange({ ...rule, everyMs: 30_000 }),
      remove: () => without("everyMs"),
      body: (
        <DurationInput
          label={t("queue_editor.rule_every")}
          description={t("queue_editor.rule_every_hint")}
          minMs={1_000}
          maxMs={DAY_MS}
          maw={420}
          value={rule.everyMs ?? 1_000}
          onChange={(everyMs) => onChange({ ...rule, everyMs })}
        />
      ),
    },
  ];
}

const TARGETS = ["queue", "sites", "callback", "message", "message_end", "hang_up"] as const;
type TargetWord = (typeof TARGETS)[number];

function wordOf(to: OverflowRule["to"]): TargetWord | "voicemail" {
  return to.kind === "message" && to.leaves ? "message_end" : to.kind;
}

function targetOf(word: TargetWord): OverflowRule["to"] {
  switch (word) {
    case "queue":
      return { kind: "queue", queueId: "" };
    case "sites":
      return { kind: "sites", siteIds: [] };
    case "message":
    case "message_end":
      return { kind: "message", promptId: null, leaves: word === "message_end" };
    default:
      return { kind: word };
  }
}

function TargetFields({ rule, onChange }: { rule: OverflowRule; onChange: (rule: OverflowRule) => void }) {
  const { t } = useTranslation();
  const { queueId, values } = useQueueEditor();
  const { to } = rule;
  const set = (next: OverflowRule["to"]): void => onChange({ ...rule, to: next });
  const word = wordOf(to);
  return (
    <Stack gap="sm">
      <Select
        label={t("queue_editor.target")}
        maw={420}
        data={[...TARGETS, ...(word === "voicemail" ? (["voicemail"] as const) : [])].map((each) => ({
          value: each,
          label: t(`queue_editor.target_${each}`),
        }))}
        value={word}
        onChange={(next) => next && next !== "voicemail" && set(targetOf(next as TargetWord))}
      />
      {to.kind === "queue" && (
        <Group align="flex-start">
          <EntitySelect
            kind="queue"
            routes={api.queues}
            keep={(queue: { id: string; clientId: string }) =>
              queue.id !== queueId && queue.clientId === values.clientId
            }
            label={t("fields.queue")}
            value={to.queueId === "" ? null : to.queueId}
            onChange={(id: string) => set({ ...to, queueId: id })}
          />
          <NumberInput
            label={t("queue_editor.target_priority")}
            placeholder={t("queue_editor.target_priority_own")}
            min={0}
            max={100}
            allowDecimal={false}
            maw={220}
            value={to.priority ?? ""}
            onChange={(priority) =>
              set({
                kind: "queue",
                queueId: to.queueId,
                ...(typeof priority === "number" ? { priority } : {}),
              })
            }
          />
        </Group>
      )}
      {to.kind === "sites" && (
        <EntityMultiSelect
          kind="site"
          routes={api.sites}
          label={t("queue_editor.target_which_sites")}
          value={to.siteIds}
          onChange={(siteIds: string[]) => set({ ...to, siteIds })}
        />
      )}
      {to.kind === "message" && (
        <>
          <EntitySelect
            kind="prompt"
            routes={promptRoutes}
            keep={(prompt: { kind: string }) => prompt.kind !== "music"}
            label={t("queue_editor.target_prompt")}
            placeholder={t("queue_editor.target_prompt_own")}
            clearable
            value={to.promptId}
            onChange={(promptId: string | null) => set({ ...to, promptId })}
          />
          <Switch
            label={t("queue_editor.target_leaves")}
            checked={to.leaves}
            onChange={(event) => set({ ...to, leaves: event.currentTarget.checked })}
          />
        </>
      )}
      {to.kind === "callback" && (
        <Text size="xs" c="dimmed">
          {t("queue_editor.target_callback_hint")}
        </Text>
      )}
    </Stack>
  );
}
