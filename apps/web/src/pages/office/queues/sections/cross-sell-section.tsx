import { Switch } from "@mantine/core";
import type { QueueRouting } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { Parts } from "../../entity/parts.tsx";
import { ExpressionEditor } from "../../expression/expression-editor.tsx";
import { useQueueEditor } from "../editor-context.ts";
import { CountInput } from "./mixing-section.tsx";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

type CrossSell = NonNullable<QueueRouting["crossSell"]>;

/** When agents may offer more than the customer asked for. */
export function CrossSellSection() {
  const { t } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { crossSell } = values.routing;
  const set = (changes: Partial<CrossSell>): void => setRouting({ crossSell: { ...crossSell, ...changes } });
  const without = (key: keyof CrossSell): void => {
    const { [key]: _, ...rest } = crossSell ?? {};
    setRouting({ crossSell: rest });
  };
  return (
    <SectionFrame title={t("queue_editor.cross_sell")} text={t("queue_editor.cross_sell_text")}>
      <Switch
        label={t("queue_editor.cross_sell_on")}
        description={t("queue_editor.cross_sell_on_hint")}
        checked={crossSell !== null}
        onChange={(event) =>
          setRouting({ crossSell: event.currentTarget.checked ? { waitingAtMost: 0 } : null })
        }
      />
      {crossSell && (
        <Parts
          addLabel={t("queue_editor.add_threshold")}
          none={t("queue_editor.cross_sell_always")}
          parts={[
            {
              key: "waiting",
              label: t("queue_editor.cross_sell_waiting"),
              present: crossSell.waitingAtMost !== undefined,
              add: () => set({ waitingAtMost: 0 }),
              remove: () => without("waitingAtMost"),
              body: (
                <CountInput
                  label={t("queue_editor.cross_sell_waiting")}
                  value={crossSell.waitingAtMost ?? 0}
                  onChange={(waitingAtMost) => set({ waitingAtMost })}
                />
              ),
            },
            {
              key: "in_system",
              label: t("queue_editor.cross_sell_system"),
              hint: t("queue_editor.cross_sell_system_hint"),
              present: crossSell.inSystemAtMost !== undefined,
              add: () => set({ inSystemAtMost: 10 }),
              remove: () => without("inSystemAtMost"),
              body: (
                <CountInput
                  label={t("queue_editor.cross_sell_system")}
                  description={t("queue_editor.cross_sell_system_hint")}
                  value={crossSell.inSystemAtMost ?? 0}
                  onChange={(inSystemAtMost) => set({ inSystemAtMost })}
                />
              ),
            },
            {
              key: "open",
              label: t("queue_editor.cross_sell_open"),
              present: crossSell.openAgentsAtLeast !== undefined,
              add: () => set({ openAgentsAtLeast: 1 }),
              remove: () => without("openAgentsAtLeast"),
              body: (
                <CountInput
                  label={t("queue_editor.cross_sell_open")}
                  value={crossSell.openAgentsAtLeast ?? 0}
                  onChange={(openAgentsAtLeast) => set({ openAgentsAtLeast })}
                />
              ),
            },
            {
              key: "when",
              label: t("queue_editor.cross_sell_when"),
              hint: t("queue_editor.rule_when_hint"),
              present: crossSell.when !== undefined,
              add: () => set({ when: "" }),
              remove: () => without("when"),
              body: (
                <ExpressionEditor
                  label={t("queue_editor.cross_sell_when")}
                  value={crossSell.when ?? ""}
                  onChange={(when) => set({ when })}
                />
              ),
            },
          ]}
        />
      )}
      <FieldFindings at="routing.crossSell" isOpen />
    </SectionFrame>
  );
}
