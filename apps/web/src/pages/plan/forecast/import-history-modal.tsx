import {
  Alert,
  Anchor,
  Button,
  Code,
  FileInput,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { api, type HistoryImportPreview } from "@svara/contracts";
import { IconAlertTriangle, IconFileSpreadsheet } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { formatSpan } from "../../../format/duration.ts";
import { useServices, useSession } from "../../../services.ts";
import { ClientSelect } from "../../office/entity/fields.tsx";
import { downloadText } from "../kit/csv.ts";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";

const EXAMPLE =
  "queue,at,offered,aht\r\nCustomer service,2026-09-01 08:00,14,212\r\nCustomer service,2026-09-01 08:15,17,205\r\n";

/** A file of past figures: looked at first, then taken in as a whole, with the way back. */
export function ImportHistoryModal({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const { clients } = useSession();
  const cache = useQueryClient();
  const { count } = usePlanFormat();
  const [clientId, setClientId] = useState<string | null>(clients[0]?.id ?? null);
  const [minutes, setMinutes] = useState<"15" | "30" | "60">("15");
  const [file, setFile] = useState<File | null>(null);
  const take = useMutation({
    mutationFn: ({ mode, from }: { mode: "preview" | "store"; from: File }) =>
      client.call(api.planHistory.importFile, {
        body: { clientId: clientId ?? "", mode, intervalMinutes: minutes },
        file: from,
      }),
    meta: { handlesErrors: true },
  });
  const look = (next: File | null): void => {
    setFile(next);
    take.reset();
    if (next) take.mutate({ mode: "preview", from: next });
  };
  const store = async (): Promise<void> => {
    if (!file) return;
    const done = await take.mutateAsync({ mode: "store", from: file });
    const { importId } = done;
    if (importId === null) return;
    await cache.invalidateQueries({ queryKey: ["plan"] });
    onClose();
    notifyDone(t("plan.forecast.imported", { n: count(done.lines) }), {
      label: t("common.undo"),
      run: () =>
        void client
          .call(api.planHistory.removeImport, { params: { id: importId } })
          .then(() => cache.invalidateQueries({ queryKey: ["plan"] })),
    });
  };
  const preview = take.data;
  return (
    <Modal opened onClose={onClose} title={t("plan.forecast.import_history")} size="xl">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("plan.forecast.import_text")}
        </Text>
        <Group gap="xs" align="flex-start" wrap="wrap">
          <Code block style={{ flex: "1 1 20rem" }}>
            {EXAMPLE.trim()}
          </Code>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => downloadText("history-example.csv", EXAMPLE)}
          >
            {t("plan.forecast.example_file")}
          </Anchor>
        </Group>
        <Group gap="sm" align="flex-end" grow preventGrowOverflow={false}>
          <ClientSelect value={clientId} onChange={(value) => setClientId(value as string | null)} />
          <Select
            label={t("plan.forecast.interval_length")}
            data={(["15", "30", "60"] as const).map((value) => ({
              value,
              label: t("plan.forecast.minutes", { n: Number(value) }),
            }))}
            value={minutes}
            onChange={(value) => {
              setMinutes((value ?? "15") as typeof minutes);
              take.reset();
            }}
          />
          <FileInput
            label={t("plan.forecast.file")}
            placeholder={t("plan.forecast.choose_file")}
            leftSection={<IconFileSpreadsheet size={17} />}
            accept=".csv,.txt,text/csv,text/plain"
            value={file}
            onChange={look}
            clearable
          />
        </Group>
        {take.isError && (
          <Alert color="red" role="alert">
            {problemText(take.error, i18n)}
          </Alert>
        )}
        {preview && <Preview preview={preview} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          {file && !preview && !take.isPending && (
            <Button variant="default" onClick={() => look(file)}>
              {t("plan.forecast.look_again")}
            </Button>
          )}
          <Button
            onClick={() => void store()}
            loading={take.isPending}
            disabled={!preview || preview.faultCount > 0 || preview.intervals === 0}
          >
            {t("plan.forecast.take_in")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Preview({ preview }: { readonly preview: HistoryImportPreview }) {
  const { t, i18n } = useTranslation();
  const { count, moment } = usePlanFormat();
  if (preview.faultCount > 0)
    return (
      <Alert
        color="red"
        icon={<IconAlertTriangle />}
        role="alert"
        title={t("plan.forecast.faults", { n: preview.faultCount })}
      >
        <Text size="sm" mb="xs">
          {t("plan.forecast.nothing_stored")}
        </Text>
        <Table verticalSpacing={4} data-testid="faults">
          <Table.Tbody>
            {preview.faults.slice(0, 12).map((fault) => (
              <Table.Tr key={`${fault.line} ${fault.column} ${fault.message}`}>
                <Table.Td className="sv-num" w={90}>
                  {t("plan.forecast.line", { line: fault.line })}
                </Table.Td>
                <Table.Td w={90}>{fault.column ?? ""}</Table.Td>
                <Table.Td>{fault.message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Alert>
    );
  return (
    <Stack gap="sm" data-testid="preview">
      <Text size="sm" fw={560}>
        {t("plan.forecast.will_take", { lines: count(preview.lines), contacts: count(preview.contacts) })}
      </Text>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("fields.queue")}</Table.Th>
            <Table.Th>{t("plan.forecast.period")}</Table.Th>
            <Table.Th ta="right">{t("plan.forecast.contacts")}</Table.Th>
            <Table.Th ta="right">{t("plan.forecast.handling")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.queues.map((one) => (
            <Table.Tr key={one.queue.id}>
              <Table.Td>
                {one.queue.name}
                {one.replaced > 0 && (
                  <Text size="xs" c="dimmed">
                    {t("plan.forecast.replaces", { n: one.replaced })}
                  </Text>
                )}
                {one.shadowed > 0 && (
                  <Text size="xs" c="dimmed">
                    {t("plan.forecast.shadowed", { n: one.shadowed })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {moment(one.firstAt, preview.timeZone)} – {moment(one.lastAt, preview.timeZone)}
              </Table.Td>
              <Table.Td ta="right" className="sv-num">
                {count(one.contacts)}
              </Table.Td>
              <Table.Td ta="right" className="sv-num">
                {one.averageHandleMs === null ? "–" : formatSpan(one.averageHandleMs, i18n.language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {preview.days.length > 1 && (
        <TimeChart
          height={150}
          timeZone="UTC"
          label={t("plan.forecast.contacts_by_day")}
          points={preview.days.map(({ date, contacts }) => ({
            at: Date.parse(`${date}T12:00:00Z`),
            contacts,
          }))}
          series={[
            { key: "contacts", label: t("plan.forecast.contacts"), kind: "bar", colour: PLAN_COLOURS.quiet },
          ]}
        />
      )}
    </Stack>
  );
}
