import { Button, Center, Kbd, Stack, Text, Title } from "@mantine/core";
import type { DeskState } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { LogoMark } from "../../brand/logo.tsx";
import type { Desk } from "../../desk/desk-provider.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

/** Nothing in hand: says whether calls will come, and what to do when they will not. */
export function IdlePanel(props: {
  readonly state: DeskState;
  readonly desk: Desk;
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const { agent } = props.state;
  const words =
    agent.state === "logged_out"
      ? { title: t("desk.idle_out_title"), text: t("desk.idle_out_text") }
      : agent.state === "available"
        ? { title: t("desk.idle_ready_title"), text: t("desk.idle_ready_text") }
        : { title: t("desk.idle_away_title"), text: t("desk.idle_away_text") };
  return (
    <Center className="sv-surface" style={{ minHeight: "22rem", padding: "2rem" }}>
      <Stack align="center" gap="xs" ta="center" maw={420}>
        <span style={{ opacity: agent.state === "available" ? 1 : 0.45, marginBottom: 8 }}>
          <LogoMark size={56} />
        </span>
        <Title order={2}>{words.title}</Title>
        <Text c="dimmed" size="sm">
          {words.text}
        </Text>
        {agent.state === "logged_out" && (
          <Button
            mt="sm"
            size="md"
            onClick={() => props.commands.logIn()}
            loading={props.commands.busy("logIn")}
          >
            {t("desk.log_in")}
          </Button>
        )}
        {(agent.state === "not_ready" || agent.state === "not_responding") && (
          <Button
            mt="sm"
            onClick={() => props.commands.setPresence({ kind: "available" })}
            loading={props.commands.busy("setPresence")}
          >
            {t("desk.become_available")}
          </Button>
        )}
        <Text size="xs" c="dimmed" mt="md">
          {t("desk.keys_hint")} <Kbd size="xs">?</Kbd>
        </Text>
      </Stack>
    </Center>
  );
}
