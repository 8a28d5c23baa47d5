import { Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { api, LANGUAGES, type Language } from "@svara/contracts";
import { IconCheck, IconKey, IconLogout } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeLanguage, LANGUAGE_NAMES } from "../i18n/i18n.ts";
import { PersonAvatar } from "../kit/person-avatar.tsx";
import { openPasswordDialog } from "../pages/sign-in/password-dialog.tsx";
import { useServices, useSession } from "../services.ts";

/** The person's own corner: language, light or dark, password, sign out. */
export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const { client } = useServices();
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  async function signOut(): Promise<void> {
    await client.call(api.identity.signOut, {});
    queries.clear();
    location.assign("/");
  }
  async function choose(language: Language): Promise<void> {
    await changeLanguage(language);
    await client.call(api.identity.changeLanguage, { body: { language } });
    await queries.invalidateQueries({ queryKey: ["session"] });
  }

  return (
    <Menu position="right-end" width={250} shadow="lg" offset={10}>
      <Menu.Target>
        <UnstyledButton
          aria-label={t("shell.account", { name: session.user.displayName })}
          style={{ borderRadius: 99 }}
        >
          <PersonAvatar name={session.user.displayName} size={38} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: "0.5rem 0.75rem" }}>
          <Text fw={600} size="sm" truncate>
            {session.user.displayName}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {session.user.username} · {session.centre.name}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Label>{t("shell.language")}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => void choose(language)}
            rightSection={i18n.language === language ? <IconCheck size={14} /> : null}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("shell.appearance")}</Menu.Label>
        <div style={{ padding: "0.25rem 0.5rem 0.5rem" }}>
          <SegmentedControl
            fullWidth
            size="xs"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            data={[
              { value: "light", label: t("shell.light") },
              { value: "dark", label: t("shell.dark") },
              { value: "auto", label: t("shell.auto") },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconKey size={16} />}
          onClick={() => openPasswordDialog(t("password.title"))}
        >
          {t("password.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("shell.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
