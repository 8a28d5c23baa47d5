import { Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface Column<E> {
  readonly label: string;
  readonly render: (entity: E) => ReactNode;
  readonly end?: boolean;
}

/** Things of a kind as rows; on a phone as entries with their columns below the name. */
export function EntityTable<E extends { readonly id: string }>(props: {
  readonly rows: readonly E[];
  readonly columns: readonly Column<E>[];
  readonly nameOf: (entity: E) => string;
  readonly nameLabel: string;
  readonly onOpen: (entity: E) => void;
}) {
  const { t } = useTranslation();
  const { rows, columns, nameOf, onOpen } = props;
  return (
    <div className="sv-surface" style={{ overflow: "hidden" }}>
      <Table visibleFrom="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{props.nameLabel}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column.label} ta={column.end ? "right" : "left"}>
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id} className="sv-rowlink" onClick={() => onOpen(row)}>
              <Table.Td>
                <UnstyledButton
                  data-row
                  fw={600}
                  fz="sm"
                  onClick={(event) => {
                    event.stopPropagation();
                    onOpen(row);
                  }}
                >
                  {nameOf(row)}
                </UnstyledButton>
              </Table.Td>
              {columns.map((column) => (
                <Table.Td key={column.label} ta={column.end ? "right" : "left"} className="sv-num">
                  {column.render(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Stack hiddenFrom="sm" gap={0}>
        {rows.map((row) => (
          <UnstyledButton
            key={row.id}
            data-row
            onClick={() => onOpen(row)}
            style={{
              display: "flex",
              justifyContent: "space-between",
              alignItems: "center",
              gap: 12,
              padding: "0.75rem 1rem",
              borderBottom: "1px solid var(--sv-line)",
            }}
          >
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {nameOf(row)}
              </Text>
              {columns.map((column) => (
                <Text key={column.label} component="div" size="xs" c="dimmed">
                  {column.label}: {column.render(row)}
                </Text>
              ))}
            </div>
            <IconChevronRight size={17} aria-hidden="true" style={{ flex: "none" }} />
          </UnstyledButton>
        ))}
      </Stack>
      {rows.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          {t("common.nothing_found")}
        </Text>
      )}
    </div>
  );
}
