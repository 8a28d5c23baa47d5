import { Button, Group, Text } from "@mantine/core";
import { IconArrowRight, IconPhone, IconPhoneCall } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useDesk } from "../desk/desk-provider.tsx";
import { Elapsed } from "../kit/elapsed.tsx";
import { contactTitle } from "../pages/desk/contact-title.ts";
import { useDeskCommands } from "../pages/desk/use-desk-commands.ts";

/** In the other rooms, one line says that a call rings or goes on and leads back to the desk. */
export function CallStrip() {
  const { t } = useTranslation();
  const desk = useDesk();
  const commands = useDeskCommands();
  const [location, go] = useLocation();
  const contacts = desk?.view.data?.contacts ?? [];
  const contact = contacts.find((each) => each.state === "offered") ?? contacts[0];
  const ringing = contact?.state === "offered";
  const name = contact ? contactTitle(contact, t) : "";
  useTitle(ringing ? t("shell.ringing", { name }) : undefined);
  if (!contact || location === "/desk") return null;
  const tone = ringing ? "ringing" : contact.state === "wrap_up" ? "wrap" : "talking";
  const sentence = ringing
    ? t("shell.ringing", { name })
    : contact.state === "wrap_up"
      ? t("shell.wrapping", { name })
      : t("shell.on_call", { name });
  return (
    <Group
      justify="space-between"
      px="md"
      py={6}
      role="status"
      style={{
        position: "sticky",
        top: 0,
        zIndex: 15,
        background: `var(--sv-state-${tone}-soft)`,
        color: `var(--sv-state-${tone})`,
      }}
    >
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
        <IconPhoneCall size={18} aria-hidden="true" />
        <Text size="sm" fw={600} truncate>
          {sentence}
        </Text>
        <Elapsed since={contact.since} />
      </Group>
      <Group gap="xs">
        {ringing && (
          <Button
            size="xs"
            color="green"
            leftSection={<IconPhone size={15} />}
            onClick={() => {
              commands.accept(contact);
              go("/desk");
            }}
          >
            {t("desk.accept")}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          rightSection={<IconArrowRight size={15} />}
          onClick={() => go("/desk")}
        >
          {t("shell.to_desk")}
        </Button>
      </Group>
    </Group>
  );
}

/** The tab's title calls while a contact rings: the desk is often behind other windows. */
function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `☎ ${title}` : "Svara";
  }, [title]);
}
