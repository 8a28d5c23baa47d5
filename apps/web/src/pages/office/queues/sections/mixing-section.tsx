import { NumberInput, Radio, Stack, Switch } from "@mantine/core";
import { api, type QueueRouting, WORK_KINDS } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntityMultiSelect } from "../../entity/fields.tsx";
import { Parts } from "../../entity/parts.tsx";
import { useQueueEditor } from "../editor-context.ts";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

type Blend = NonNullable<QueueRouting["blend"]>;

/** Whether this work gives way to other work of the same agents. */
export function MixingSection() {
  const { t } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { work, blend } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.mixing")} text={t("queue_editor.mixing_text")}>
      <Radio.Group
        label={t("queue_editor.work")}
        value={work}
        onChange={(next) => setRouting({ work: next as typeof work })}
      >
        <Stack gap={10} mt={6}>
          {WORK_KINDS.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={t(`queue_editor.work_${kind}`)}
              description={t(`queue_editor.work_${kind}_hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Switch
        label={t("queue_editor.blend")}
        description={t("queue_editor.blend_hint")}
        checked={blend !== null}
        onChange={(event) => setRouting({ blend: event.currentTarget.checked ? { reserve: 1 } : null })}
      />
      {blend && <BlendFields blend={blend} />}
      <FieldFindings at="routing.blend" />
    </SectionFrame>
  );
}

function BlendFields({ blend }: { readonly blend: Blend }) {
  const { t } = useTranslation();
  const { queueId, setRouting } = useQueueEditor();
  const set = (changes: Partial<Blend>): void => setRouting({ blend: { ...blend, ...changes } });
  const without = (key: keyof Blend): void => {
    const { [key]: _, ...rest } = blend;
    setRouting({ blend: rest });
  };
  return (
    <Parts
      addLabel={t("queue_editor.add_threshold")}
      none={t("queue_editor.no_threshold")}
      parts={[
        {
          key: "protects",
          label: t("queue_editor.protects"),
          hint: t("queue_editor.protects_hint"),
          present: blend.protects !== undefined,
          add: () => set({ protects: [] }),
          remove: () => without("protects"),
          body: (
            <EntityMultiSelect
              kind="queue"
              routes={api.queues}
              keep={(queue: { id: string }) => queue.id !== queueId}
              label={t("queue_editor.protects")}
              description={t("queue_editor.protects_hint")}
              value={blend.protects ?? []}
              onChange={(protects: string[]) => set({ protects })}
            />
          ),
        },
        {
          key: "reserve",
          label: t("queue_editor.reserve"),
          hint: t("queue_editor.reserve_hint"),
          present: blend.reserve !== undefined,
          add: () => set({ reserve: 1 }),
          remove: () => without("reserve"),
          body: (
            <CountInput
              label={t("queue_editor.reserve")}
              description={t("queue_editor.reserve_hint")}
              value={blend.reserve ?? 0}
              onChange={(reserve) => set({ reserve })}
            />
          ),
        },
        {
          key: "waiting",
          label: t("queue_editor.blend_waiting"),
          hint: t("queue_editor.blend_waiting_hint"),
          present: blend.waitingAtMost !== undefined,
          add: () => set({ waitingAtMost: 0 }),
          remove: () => without("waitingAtMost"),
          body: (
            <CountInput
              label={t("queue_editor.blend_waiting")}
              description={t("queue_editor.blend_waiting_hint")}
              value={blend.waitingAtMost ?? 0}
              onChange={(waitingAtMost) => set({ waitingAtMost })}
            />
          ),
        },
        {
          key: "oldest",
          label: t("queue_editor.blend_oldest"),
          hint: t("queue_editor.blend_oldest_hint"),
          present: blend.oldestAtMostMs !== undefined,
          add: () => set({ oldestAtMostMs: 15_000 }),
          remove: () => without("oldestAtMostMs"),
          body: (
            <DurationInput
              label={t("queue_editor.blend_oldest")}
              description={t("queue_editor.blend_oldest_hint")}
              minMs={0}
              maxMs={86_400_000}
              maw={420}
              value={blend.oldestAtMostMs ?? 0}
              onChange={(oldestAtMostMs) => set({ oldestAtMostMs })}
            />
          ),
        },
        {
          key: "service_level",
          label: t("queue_editor.blend_level"),
          hint: t("queue_editor.blend_level_hint"),
          present: blend.serviceLevelAtLeast !== undefined,
          add: () => set({ serviceLevelAtLeast: 0.8 }),
          remove: () => without("serviceLevelAtLeast"),
          body: (
            <NumberInput
              label={t("queue_editor.blend_level")}
              description={t("queue_editor.blend_level_hint")}
              suffix=" %"
              min={0}
              max={100}
              maw={420}
              value={Math.round((blend.serviceLevelAtLeast ?? 0) * 100)}
              onChange={(percent) =>
                set({ serviceLevelAtLeast: typeof percent === "number" ? percent / 100 : 0 })
              }
            />
          ),
        },
      ]}
    />
  );
}

/** A number of people or contacts. */
export function CountInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: number;
  readonly onChange: (count: number) => void;
}) {
  const { onChange, ...rest } = props;
  return (
    <NumberInput
      {...rest}
      min={0}
      max={10_000}
      allowDecimal={false}
      maw={420}
      onChange={(count) => onChange(typeof count === "number" ? count : 0)}
    />
  );
}
