import { Skeleton, Stack, Tabs } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { useDesk } from "../../desk/desk-provider.tsx";
import { ContactCard } from "./contact-card.tsx";
import classes from "./desk-page.module.css";
import { DevicePanel } from "./device-panel.tsx";
import { Dialer } from "./dialer.tsx";
import { EarlierContacts } from "./earlier-contacts.tsx";
import { IdlePanel } from "./idle-panel.tsx";
import { NearbyPanel } from "./nearby-panel.tsx";
import { OfferCard } from "./offer-card.tsx";
import { ParkedCard } from "./parked-card.tsx";
import { PhoneBanner } from "./phone-banner.tsx";
import { PickList } from "./pick-list.tsx";
import { PresencePanel } from "./presence-panel.tsx";
import { useReasons } from "./reasons.ts";
import { DeskShortcuts } from "./shortcuts.tsx";
import { TodayPanel } from "./today-panel.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";
import { useDeskCommands } from "./use-desk-commands.ts";

/** The agent's place of work: who I am, the contact in hand, and whom to call. */
export function DeskPage() {
  const { t } = useTranslation();
  const desk = useDesk();
  const commands = useDeskCommands();
  const reasons = useReasons();
  const [dialog, setDialog] = useState<{
    readonly purpose: "transfer" | "add";
    readonly contactId: string;
  }>();
  const [parkedIn, setParkedIn] = useState<number>();
  const queries = useQueryClient();
  const state = desk?.view.data;
  const contacts = state?.contacts ?? [];
  const inHand = contacts.find((contact) => contact.state !== "offered");
  const onLine = contacts.find((contact) => contact.state !== "offered" && contact.state !== "wrap_up");
  const concerned = contacts.find((contact) => contact.contactId === dialog?.contactId);
  async function park(contact: DeskContact): Promise<void> {
    const slot = await commands.park(contact);
    if (slot === undefined) return;
    await queries.invalidateQueries({ queryKey: ["desk", "parked"] });
    setParkedIn(slot);
  }
  const open = (purpose: "transfer" | "add", contact: DeskContact | undefined): void => {
    if (contact) setDialog({ purpose, contactId: contact.contactId });
  };
  if (!desk || !state) return <DeskSkeleton />;
  return (
    <div className={classes.desk}>
      <h1 className={classes.hidden}>{t("shell.desk")}</h1>
      <aside className={classes.side}>
        <PresencePanel agent={state.agent} reasons={reasons} commands={commands} calling={state.calling} />
        <NearbyPanel commands={commands} disabled={onLine !== undefined} />
        <DevicePanel device={state.device} phone={desk.phone} commands={commands} live={onLine} />
        <TodayPanel today={state.today} />
      </aside>
      <Stack gap="md" className={classes.centre}>
        {state.device.kind === "browser" && <PhoneBanner desk={desk} />}
        {parkedIn !== undefined && (
          <ParkedCard
            key={parkedIn}
            slot={parkedIn}
            commands={commands}
            onClose={() => setParkedIn(undefined)}
          />
        )}
        {contacts.map((contact) =>
          contact.state === "offered" ? (
            <OfferCard key={contact.contactId} contact={contact} desk={desk} commands={commands} />
          ) : (
            <ContactCard
              key={contact.contactId}
              contact={contact}
              desk={desk}
              commands={commands}
              onTransfer={() => open("transfer", contact)}
              onAdd={() => open("add", contact)}
              onPark={() => void park(contact)}
            />
          ),
        )}
        {contacts.length === 0 && <IdlePanel state={state} desk={desk} commands={commands} />}
      </Stack>
      <RightColumn contact={inHand ?? contacts[0]}>
        <Dialer commands={commands} disabled={inHand !== undefined && inHand.state !== "wrap_up"} />
      </RightColumn>
      {concerned && dialog && (
        <TransferDialog
          contact={concerned}
          commands={commands}
          purpose={dialog.purpose}
          onClose={() => setDialog(undefined)}
        />
      )}
      <DeskShortcuts
        contacts={contacts}
        desk={desk}
        commands={commands}
        onTransfer={() => open("transfer", onLine)}
        onAdd={() => open("add", onLine)}
        onPark={() => onLine && void park(onLine)}
      />
    </div>
  );
}

/** Calling while idle, the customer's past while somebody is there; the agent may look at either. */
function RightColumn(props: {
  readonly contact: DeskContact | undefined;
  readonly children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const { contact } = props;
  const mayPick = useMay("desk.pick");
  const [tab, setTab] = useState<string | null>("dial");
  const contactId = contact?.contactId;
  useEffect(() => setTab(contactId === undefined ? "dial" : "history"), [contactId]);
  return (
    <aside className={`${classes.right} sv-surface`}>
      <Tabs value={tab} onChange={setTab} keepMounted={false} styles={{ tab: { paddingInline: "0.375rem" } }}>
        <Tabs.List grow mb="md">
          <Tabs.Tab value="dial">{t("desk.tab_dial")}</Tabs.Tab>
          <Tabs.Tab value="history" disabled={!contact}>
            {t("desk.tab_history")}
          </Tabs.Tab>
          {mayPick && <Tabs.Tab value="waiting">{t("desk.tab_waiting")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="dial">{props.children}</Tabs.Panel>
        {mayPick && (
          <Tabs.Panel value="waiting">
            <PickList />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="history">{contact && <EarlierContacts contact={contact} />}</Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function DeskSkeleton() {
  return (
    <div className={classes.desk} aria-busy="true">
      <div className={classes.side}>
        <Skeleton height={168} radius="lg" />
        <Skeleton height={104} radius="lg" />
        <Skeleton height={190} radius="lg" />
      </div>
      <Skeleton height={380} radius="lg" />
      <Skeleton height={480} radius="lg" className={classes.right} />
    </div>
  );
}
