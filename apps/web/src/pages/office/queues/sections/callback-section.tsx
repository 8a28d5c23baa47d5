import { NumberInput, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../entity/duration-input.tsx";
import { useQueueEditor } from "../editor-context.ts";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

const USUAL = { maxAttempts: 3, retryMs: 300_000, attemptLeaseMs: 120_000 };

/** How customers who asked for it are called back. */
export function CallbackSection() {
  const { t } = useTranslation();
  const { values, setRouting } = useQueueEditor();
  const { callback } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.callback")} text={t("queue_editor.callback_text")}>
      <Switch
        label={t("queue_editor.callback_own")}
        description={t("queue_editor.callback_own_hint")}
        checked={callback !== null}
        onChange={(event) => setRouting({ callback: event.currentTarget.checked ? USUAL : null })}
      />
      {callback === null ? (
        <Text size="sm" c="dimmed">
          {t("queue_editor.callback_usual")}
        </Text>
      ) : (
        <>
          <NumberInput
            label={t("queue_editor.callback_attempts")}
            description={t("queue_editor.callback_attempts_hint")}
            min={1}
            max={20}
            allowDecimal={false}
            maw={420}
            value={callback.maxAttempts}
            onChange={(n) =>
              setRouting({ callback: { ...callback, maxAttempts: typeof n === "number" ? n : 1 } })
            }
          />
          <DurationInput
            label={t("queue_editor.callback_retry")}
            minMs={10_000}
            maxMs={86_400_000}
            maw={420}
            value={callback.retryMs}
            onChange={(retryMs) => setRouting({ callback: { ...callback, retryMs } })}
          />
          <DurationInput
            label={t("queue_editor.callback_lease")}
            description={t("queue_editor.callback_lease_hint")}
            minMs={15_000}
            maxMs={600_000}
            maw={420}
            value={callback.attemptLeaseMs}
            onChange={(attemptLeaseMs) => setRouting({ callback: { ...callback, attemptLeaseMs } })}
          />
        </>
      )}
      <FieldFindings at="routing.callback" />
    </SectionFrame>
  );
}
