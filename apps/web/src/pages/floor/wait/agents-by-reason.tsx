import { Group, Table, Text } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import {
  type AgentCount,
  countGroups,
  groupOfReason,
  REASON_GROUPS,
  type ReasonGroup,
  reasonText,
  type WaitWording,
} from "./reason-words.ts";
import classes from "./wait.module.css";

const INKS: Readonly<Record<ReasonGroup, string>> = {
  open: "available",
  taken: "talking",
  away: "held",
  out: "away",
  rule: "wrap",
  never: "trouble",
};

/** Every agent once, by the reason: a bar of the few groups, below it each reason with its count. */
export function AgentsByReason(props: {
  readonly agents: readonly AgentCount[];
  readonly wording: WaitWording;
}) {
  const { t } = useTranslation();
  const { agents, wording } = props;
  const groups = countGroups(agents);
  const shown = REASON_GROUPS.filter((group) => groups[group] > 0);
  const rows = [...agents].sort((a, b) => rank(a.reason) - rank(b.reason) || b.agents - a.agents);
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        {shown.map((group) => (
          <div key={group} className={classes.part} style={{ flexGrow: groups[group], ...ink(group) }} />
        ))}
      </div>
      <Group gap="md" mt={6} mb="xs">
        {shown.map((group) => (
          <Group key={group} gap={6} wrap="nowrap">
            <span className={classes.dot} style={ink(group)} aria-hidden="true" />
            <Text size="xs" c="dimmed">
              <b className="sv-num">{groups[group]}</b> {t(`wait.group_${group}`)}
            </Text>
          </Group>
        ))}
      </Group>
      <Table verticalSpacing={6} horizontalSpacing={0} data-testid="agents-by-reason">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("wait.reason")}</Table.Th>
            <Table.Th ta="right">{t("floor.agents")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.reason}-${JSON.stringify(row.params)}`}>
              <Table.Td>
                <span className={classes.dot} style={ink(groupOfReason(row.reason))} aria-hidden="true" />{" "}
                {reasonText(row.reason, row.params, wording)}
              </Table.Td>
              <Table.Td ta="right" className="sv-num">
                {row.agents}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function rank(reason: string | null): number {
  return REASON_GROUPS.indexOf(groupOfReason(reason));
}

function ink(group: ReasonGroup): CSSProperties {
  return { background: `var(--sv-state-${INKS[group]})` };
}
