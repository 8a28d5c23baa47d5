import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useMay } from "../../api/rights.ts";

const PATHS = { contacts: "/contacts", customers: "/customers" } as const;
type Tab = keyof typeof PATHS;

/** Contacts and the customers who made them: two views of one room, for those who may see both. */
export function PeopleTabs({ current }: { readonly current: Tab }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const contacts = useMay("contacts.view", "contacts.view_own");
  const customers = useMay("customers.view");
  if (!contacts || !customers) return null;
  return (
    <Tabs value={current} onChange={(tab) => go(PATHS[tab as Tab])}>
      <Tabs.List>
        <Tabs.Tab value="contacts">{t("shell.contacts")}</Tabs.Tab>
        <Tabs.Tab value="customers">{t("shell.customers")}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
