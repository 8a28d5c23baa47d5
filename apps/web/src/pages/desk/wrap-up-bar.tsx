import { Group, RingProgress, Text } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../format/duration.ts";
import { useNow } from "../../kit/use-now.ts";

/** How much of the wrap-up is left; without a limit, how long it has taken. */
export function WrapUpBar({ contact }: { readonly contact: DeskContact }) {
  const { t } = useTranslation();
  const now = useNow();
  const { wrapUp } = contact;
  if (!wrapUp) return null;
  const { startedAt, limitAt } = wrapUp;
  const left = limitAt === undefined ? undefined : Math.max(0, limitAt - now);
  const share =
    limitAt === undefined || left === undefined ? 100 : (100 * left) / Math.max(1, limitAt - startedAt);
  const soon = left !== undefined && left < 10_000;
  return (
    <Group
      gap="md"
      p="sm"
      wrap="nowrap"
      style={{ background: "var(--sv-state-wrap-soft)", borderRadius: 10 }}
    >
      <RingProgress
        size={58}
        thickness={5}
        roundCaps
        rootColor="var(--sv-line)"
        sections={[{ value: share, color: soon ? "var(--sv-state-ringing)" : "var(--sv-state-wrap)" }]}
        label={
          <Text ta="center" size="xs" fw={620} className="sv-num">
            {formatClock(left === undefined ? now - startedAt : left + 999)}
          </Text>
        }
      />
      <div>
        <Text fw={600} size="sm">
          {t("contact_state.wrap_up")}
        </Text>
        <Text size="sm" c="dimmed">
          {left === undefined ? t("desk.wrap_up_open") : t("desk.wrap_up_timed")}
        </Text>
      </div>
    </Group>
  );
}
