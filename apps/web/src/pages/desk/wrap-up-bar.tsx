import { Button, Group, RingProgress, Text } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { IconClockPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../format/duration.ts";
import { useNow } from "../../kit/use-now.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** A minute is what an unfinished note takes. */
const EXTEND_MS = 60_000;

/** How much of the wrap-up is left; without a limit, how long it has taken. One with a limit can be made longer. */
export function WrapUpBar(props: { readonly contact: DeskContact; readonly commands: DeskCommands }) {
  const { t } = useTranslation();
  const now = useNow();
  const { contact, commands } = props;
  const { wrapUp } = contact;
  if (!wrapUp) return null;
  const { startedAt, limitAt } = wrapUp;
  const left = limitAt === undefined ? undefined : Math.max(0, limitAt - now);
  const share =
    limitAt === undefined || left === undefined ? 100 : (100 * left) / Math.max(1, limitAt - startedAt);
  const soon = left !== undefined && left < 10_000;
  return (
    <Group
      gap="sm"
      p="sm"
      style={{ background: "var(--sv-state-wrap-soft)", borderRadius: 10 }}
      data-testid="wrap-up"
    >
      <RingProgress
        size={58}
        thickness={5}
        roundCaps
        rootColor="var(--sv-line)"
        style={{ flex: "none" }}
        sections={[{ value: share, color: soon ? "var(--sv-state-ringing)" : "var(--sv-state-wrap)" }]}
        label={
          <Text ta="center" size="xs" fw={620} className="sv-num">
            {formatClock(left === undefined ? now - startedAt : left + 999)}
          </Text>
        }
      />
      <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
        <Text fw={600} size="sm">
          {t("contact_state.wrap_up")}
        </Text>
        <Text size="sm" c="dimmed">
          {wrapUp.forced
            ? t("desk.wrap_up_forced")
            : left === undefined
              ? t("desk.wrap_up_open")
              : t("desk.wrap_up_timed")}
        </Text>
      </div>
      {limitAt !== undefined && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClockPlus size={15} aria-hidden="true" />}
          loading={commands.busy("extendWrapUp")}
          onClick={() => commands.extendWrapUp(contact, EXTEND_MS)}
          style={{ flex: "none", marginLeft: "auto" }}
        >
          {t("desk.wrap_up_extend")}
        </Button>
      )}
    </Group>
  );
}
