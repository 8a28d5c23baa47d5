import { Stack, Table, Text } from "@mantine/core";
import type { RosterView } from "@svara/contracts";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../../kit/empty.tsx";
import { useViolationWords } from "./violation-words.ts";
import { dayWords } from "./zone-time.ts";

/** Every rule that the roster breaks: whose, when, what was found. */
export function ViolationList({ view }: { readonly view: RosterView }) {
  const { t, i18n } = useTranslation();
  const words = useViolationWords();
  const names = new Map(view.agentsList.map(({ id, name }) => [id, name]));
  if (view.violations.length === 0)
    return (
      <div className="sv-surface">
        <Empty
          compact
          icon={IconCircleCheck}
          title={t("plan.roster.none_broken")}
          text={t("plan.roster.none_broken_text")}
        />
      </div>
    );
  return (
    <Stack className="sv-surface" gap={0}>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("fields.agent")}</Table.Th>
              <Table.Th>{t("plan.roster.day")}</Table.Th>
              <Table.Th>{t("plan.roster.rule_broken")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {view.violations.slice(0, 500).map((violation) => (
              <Table.Tr key={`${violation.agentId}${violation.date}${violation.rule}${violation.message}`}>
                <Table.Td>{names.get(violation.agentId)}</Table.Td>
                <Table.Td>{dayWords(violation.date, i18n.language)}</Table.Td>
                <Table.Td>
                  <Text size="sm">{words(violation)}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
