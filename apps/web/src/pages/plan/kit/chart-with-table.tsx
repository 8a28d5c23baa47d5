import { ActionIcon, Group, SegmentedControl, Stack, Table, Text, Title, Tooltip } from "@mantine/core";
import { IconChartLine, IconDownload, IconTable } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./chart-with-table.module.css";
import { downloadText, type TableColumn, toCsv } from "./csv.ts";
import { usePlanFormat } from "./use-plan-format.ts";

/** A column of the table beside a chart; the file has the same columns. */
export interface ChartColumn<Row> extends TableColumn<Row> {
  /** What the screen shows instead of the plain value, such as a link to the contacts behind it. */
  readonly shown?: (row: Row) => ReactNode;
  readonly align?: "left" | "right";
}

export interface ChartWithTableProps<Row> {
  readonly title: string;
  readonly description?: ReactNode;
  readonly chart: ReactNode;
  readonly columns: readonly ChartColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** Without ending: `forecast-2026-11-23`. */
  readonly fileName: string;
  /** Controls beside the switch. */
  readonly actions?: ReactNode;
  /** Below the chart and the table alike. */
  readonly footer?: ReactNode;
}

/** A chart, the same figures as a table behind a switch, and as a CSV file. Every chart of the Plan room stands in one. */
export function ChartWithTable<Row>(props: ChartWithTableProps<Row>) {
  const { t } = useTranslation();
  const [view, setView] = useState<"chart" | "table">("chart");
  const { title, description, chart, columns, rows, rowKey, fileName, actions, footer } = props;
  const save = t("plan.kit.download_csv");
  return (
    <section className={`sv-surface ${classes.block}`} aria-label={title}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <Stack gap={2} style={{ flex: "1 1 14rem", minWidth: 0 }}>
          <Title order={3}>{title}</Title>
          {description !== undefined && (
            <Text size="sm" c="dimmed" component="div" maw={720}>
              {description}
            </Text>
          )}
        </Stack>
        <Group gap="xs">
          {actions}
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(value) => setView(value === "table" ? "table" : "chart")}
            aria-label={t("plan.kit.shown_as")}
            data={[
              {
                value: "chart",
                label: <ViewName icon={<IconChartLine size={15} />} word={t("plan.kit.chart")} />,
              },
              {
                value: "table",
                label: <ViewName icon={<IconTable size={15} />} word={t("plan.kit.table")} />,
              },
            ]}
          />
          <Tooltip label={save}>
            <ActionIcon
              aria-label={save}
              onClick={() => downloadText(`${fileName}.csv`, toCsv(columns, rows))}
              disabled={rows.length === 0}
            >
              <IconDownload size={17} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {view === "chart" ? chart : <FigureTable columns={columns} rows={rows} rowKey={rowKey} />}
      {footer}
    </section>
  );
}

function ViewName({ icon, word }: { readonly icon: ReactNode; readonly word: string }) {
  return (
    <Group gap={5} wrap="nowrap">
      {icon}
      <span>{word}</span>
    </Group>
  );
}

/** Rows of figures that scroll below their headings. */
export function FigureTable<Row>(props: Pick<ChartWithTableProps<Row>, "columns" | "rows" | "rowKey">) {
  const { columns, rows, rowKey } = props;
  const { exact } = usePlanFormat();
  const plain = (value: string | number | null | undefined): string =>
    typeof value === "number" ? exact(value) : (value ?? "–");
  return (
    <Table.ScrollContainer minWidth={320} maxHeight={420} scrollAreaProps={{ type: "auto" }}>
      <Table stickyHeader verticalSpacing={6} highlightOnHover className="sv-num">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} ta={column.align ?? "right"}>
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map((column) => (
                <Table.Td key={column.key} ta={column.align ?? "right"}>
                  {column.shown ? column.shown(row) : plain(column.value(row))}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
