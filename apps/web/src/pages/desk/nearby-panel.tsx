import { Button, Group, Stack, Text } from "@mantine/core";
import { IconHandGrab, IconParking, IconPhoneRinging } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../format/phone-number.ts";
import { Elapsed, Remaining } from "../../kit/elapsed.tsx";
import { useParked, useRinging } from "./nearby-calls.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** Calls that are not one's own and may become it: parked ones, and those that ring at colleagues. Nothing when there are none. */
export function NearbyPanel({
  commands,
  disabled,
}: {
  readonly commands: DeskCommands;
  readonly disabled: boolean;
}) {
  const { t } = useTranslation();
  const parked = useParked().data?.items ?? [];
  const ringing = useRinging().data?.items ?? [];
  return (
    <>
      {ringing.length > 0 && (
        <Calls icon={<IconPhoneRinging size={17} aria-hidden="true" />} title={t("pickup.title")}>
          {ringing.map((call) => (
            <Row
              key={call.contactId}
              testid="ringing-call"
              title={t("pickup.rings_at", { name: call.agent.name })}
              below={
                <>
                  {nameOf(call) ?? t("desk.withheld")}
                  {call.queueName === null ? "" : ` · ${call.queueName}`} · <Elapsed since={call.since} />
                </>
              }
              action={
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconHandGrab size={15} aria-hidden="true" />}
                  disabled={disabled}
                  onClick={() => commands.pickUp(call.contactId)}
                  data-testid="pick-up"
                >
                  {t("pickup.take")}
                </Button>
              }
            />
          ))}
        </Calls>
      )}
      {parked.length > 0 && (
        <Calls icon={<IconParking size={17} aria-hidden="true" />} title={t("park.title")}>
          {parked.map((call) => (
            <Row
              key={call.slot}
              testid="parked-call"
              before={
                <Text
                  className="sv-num"
                  fw={660}
                  style={{ fontSize: "1.25rem", minWidth: "2rem", color: "var(--sv-state-held)" }}
                >
                  {call.slot}
                </Text>
              }
              title={nameOf(call) ?? t("desk.withheld")}
              below={
                <>
                  {t("park.by", { name: call.parkedBy.name })} ·{" "}
                  {call.returnsAt === null ? (
                    <Elapsed since={call.parkedAt} />
                  ) : (
                    <>
                      {t("park.returns")} <Remaining until={call.returnsAt} />
                    </>
                  )}
                </>
              }
              action={
                <Button
                  size="compact-sm"
                  variant="light"
                  disabled={disabled}
                  onClick={() => commands.fetchParked(call.slot)}
                  data-testid="fetch-parked"
                >
                  {t("park.fetch")}
                </Button>
              }
            />
          ))}
        </Calls>
      )}
    </>
  );
}

function nameOf(call: { readonly remoteName: string | null; readonly remoteNumber: string | null }) {
  return call.remoteName ?? (call.remoteNumber === null ? undefined : formatPhone(call.remoteNumber));
}

function Calls(props: { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap={4} p="md" className="sv-surface" component="section" aria-label={props.title}>
      <Group gap={6} wrap="nowrap">
        {props.icon}
        <Text fw={600} size="sm">
          {props.title}
        </Text>
      </Group>
      <Stack gap={0} component="ul" style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {props.children}
      </Stack>
    </Stack>
  );
}

function Row(props: {
  readonly testid: string;
  readonly before?: ReactNode;
  readonly title: string;
  readonly below: ReactNode;
  readonly action: ReactNode;
}) {
  return (
    <li data-testid={props.testid} style={{ padding: "6px 0" }}>
      <Group gap="sm" wrap="nowrap" align="flex-start" style={{ minWidth: 0 }}>
        {props.before}
        <div style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" fw={560} truncate>
            {props.title}
          </Text>
          <Text size="xs" c="dimmed" mb={6}>
            {props.below}
          </Text>
          {props.action}
        </div>
      </Group>
    </li>
  );
}
