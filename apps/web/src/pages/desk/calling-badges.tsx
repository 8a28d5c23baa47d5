import { Button, Group, Stack } from "@mantine/core";
import type { DeskState } from "@svara/contracts";
import { IconArrowForwardUp, IconBellOff, IconPhoneIncoming, IconSettings } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Pill } from "../../kit/agent-state.tsx";
import { CallingDialog } from "./calling-dialog.tsx";
import { DIVERSIONS } from "./diversion-draft.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** How calls reach me: what differs from plain ringing stands here as long as it holds, and is changed here. */
export function CallingBadges(props: {
  readonly calling: DeskState["calling"];
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const { calling, commands } = props;
  const [open, setOpen] = useState(false);
  const diverted = DIVERSIONS.filter((when) => calling.diversions[when] !== null);
  return (
    <Stack gap="xs">
      {(calling.doNotDisturb || diverted.length > 0 || calling.autoAnswer) && (
        <Group gap={6} aria-live="polite">
          {calling.doNotDisturb && (
            <Pill tone="trouble" icon={IconBellOff}>
              {t("calling.do_not_disturb")}
            </Pill>
          )}
          {diverted.length > 0 && (
            <Pill tone="held" icon={IconArrowForwardUp}>
              {t(`calling.diverted_${diverted.includes("always") ? "always" : "sometimes"}`)}
            </Pill>
          )}
          {calling.autoAnswer && (
            <Pill tone="away" icon={IconPhoneIncoming}>
              {t("calling.auto_answer")}
            </Pill>
          )}
        </Group>
      )}
      <Button
        size="xs"
        variant="default"
        fullWidth
        leftSection={<IconSettings size={15} aria-hidden="true" />}
        onClick={() => setOpen(true)}
        data-testid="calling"
      >
        {t("calling.open")}
      </Button>
      {open && <CallingDialog calling={calling} commands={commands} onClose={() => setOpen(false)} />}
    </Stack>
  );
}
