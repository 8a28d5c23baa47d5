import {
  Alert,
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { api, FORECAST_METHODS } from "@svara/contracts";
import { IconBulb, IconFileImport } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { dayKey } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { daysBefore } from "../../insight/day-range.ts";
import { useEntities } from "../../office/entity/crud.ts";
import type { PlanQueue } from "../kit/queue-history.ts";
import { usePlanWork } from "../kit/use-plan-work.ts";
import { WorkProgress } from "../kit/work-progress.tsx";
import { methodHint, methodName } from "./method-name.ts";

/** Days of history below which nothing can be learnt, and from which methods can be compared. */
const LEAST_DAYS = 7;
const GOOD_DAYS = 42;
const HORIZONS = [7, 14, 28, 91] as const;

/** Which queues, which days, and from what. */
export function NewForecastModal(props: {
  readonly queues: readonly PlanQueue[];
  readonly onClose: () => void;
  readonly onImport: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, serverClock, ids } = useServices();
  const { queues, onClose, onImport } = props;
  const [, go] = useLocation();
  const cache = useQueryClient();
  const work = usePlanWork<{ forecastId: string }>();
  const known = queues.filter(({ days }) => days >= LEAST_DAYS);
  const [queueIds, setQueueIds] = useState<string[]>(() =>
    known.filter(({ clientId }) => clientId === known[0]?.clientId).map(({ queue }) => queue.id),
  );
  const chosen = queues.filter(({ queue }) => queueIds.includes(queue.id));
  const zone = chosen[0]?.timeZone ?? queues[0]?.timeZone ?? "UTC";
  const [firstDay, setFirstDay] = useState(() => nextMonday(dayKey(serverClock.now(), zone)));
  const [days, setDays] = useState<number>(14);
  const [basis, setBasis] = useState<"history" | "flat">(known.length > 0 ? "history" : "flat");
  const [method, setMethod] = useState<"auto" | (typeof FORECAST_METHODS)[number]>("auto");
  const [contactsPerDay, setContactsPerDay] = useState(100);
  const [handleS, setHandleS] = useState(300);
  const [hoursId, setHoursId] = useState<string | null>(null);
  const hours = useEntities("hours", api.hours, { enabled: useMay("entry_points.view") });
  const [name, setName] = useState("");
  const short = chosen.filter((queue) => queue.days < LEAST_DAYS);
  const thin = chosen.filter((queue) => queue.days >= LEAST_DAYS && queue.days < GOOD_DAYS);
  const clientOf = chosen[0]?.clientId;
  const make = async (): Promise<void> => {
    const made = await work.start(() =>
      client.call(api.planForecasts.make, {
        body: {
          queueIds,
          firstDay,
          days,
          ...(name.trim() ? { name: name.trim() } : {}),
          ...(basis === "flat"
            ? { flat: { contactsPerDay, handleS, ...(hoursId ? { hoursId } : {}) } }
            : { method }),
        },
        idempotencyKey: ids.next(),
      }),
    );
    if (!made) return;
    await cache.invalidateQueries({ queryKey: ["plan"] });
    onClose();
    go(`/plan/forecast/${made.forecastId}`);
  };
  const ready =
    queueIds.length > 0 && firstDay !== "" && days > 0 && (basis === "flat" || short.length === 0);
  return (
    <Modal opened onClose={onClose} title={t("plan.forecast.new")} size="lg">
      <Stack gap="md">
        <MultiSelect
          label={t("plan.forecast.queues")}
          description={t("plan.forecast.queues_hint")}
          data={queues
            .filter(({ clientId }) => clientOf === undefined || clientId === clientOf)
            .map(({ queue, days: has }) => ({
              value: queue.id,
              label: `${queue.name} · ${t("plan.forecast.history_days", { n: has })}`,
            }))}
          value={queueIds}
          onChange={setQueueIds}
          searchable
          hidePickedOptions
          withAsterisk
        />
        <Group gap="sm" align="flex-end" grow preventGrowOverflow={false}>
          <TextInput
            type="date"
            label={t("plan.forecast.first_day")}
            value={firstDay}
            onChange={(event) => setFirstDay(event.currentTarget.value)}
          />
          <Select
            label={t("plan.forecast.how_long")}
            data={HORIZONS.map((one) => ({
              value: String(one),
              label: t("plan.forecast.weeks", { n: one / 7 }),
            }))}
            value={String(days)}
            onChange={(value) => setDays(Number(value ?? 14))}
          />
        </Group>
        <SegmentedControl
          value={basis}
          onChange={(value) => setBasis(value === "flat" ? "flat" : "history")}
          data={[
            { value: "history", label: t("plan.forecast.from_history") },
            { value: "flat", label: t("plan.forecast.from_guess") },
          ]}
          aria-label={t("plan.forecast.basis")}
        />
        {basis === "history" ? (
          <>
            <Select
              label={t("plan.forecast.method")}
              description={method === "auto" ? t("plan.forecast.auto_hint") : (methodHint(method, t) ?? null)}
              data={[
                { value: "auto", label: t("plan.forecast.auto") },
                ...FORECAST_METHODS.map((one) => ({ value: one, label: methodName(one, t) })),
              ]}
              value={method}
              onChange={(value) => setMethod((value ?? "auto") as typeof method)}
            />
            {short.length > 0 && (
              <Alert color="orange" icon={<IconBulb />} title={t("plan.forecast.too_short_title")}>
                <Stack gap="xs" align="flex-start">
                  <Text size="sm">
                    {t("plan.forecast.too_short", {
                      queues: short.map(({ queue, days: has }) => `${queue.name} (${has})`).join(", "),
                      least: LEAST_DAYS,
                      good: GOOD_DAYS / 7,
                    })}
                  </Text>
                  <Group gap="xs">
                    <Button size="xs" leftSection={<IconFileImport size={15} />} onClick={onImport}>
                      {t("plan.forecast.import_history")}
                    </Button>
                    <Button size="xs" variant="default" onClick={() => setBasis("flat")}>
                      {t("plan.forecast.from_guess")}
                    </Button>
                  </Group>
                </Stack>
              </Alert>
            )}
            {thin.length > 0 && (
              <Text size="xs" c="dimmed">
                {t("plan.forecast.thin", { good: GOOD_DAYS / 7 })}
              </Text>
            )}
          </>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {t("plan.forecast.guess_text")}
            </Text>
            <Group grow>
              <NumberInput
                label={t("plan.forecast.contacts_a_day")}
                min={0}
                max={1_000_000}
                value={contactsPerDay}
                onChange={(value) => setContactsPerDay(Number(value) || 0)}
              />
              <NumberInput
                label={t("plan.forecast.handle_s")}
                min={1}
                max={86_400}
                value={handleS}
                onChange={(value) => setHandleS(Math.max(1, Number(value) || 1))}
              />
            </Group>
            {(hours.data ?? []).length > 0 && (
              <Select
                label={t("kind.hours")}
                placeholder={t("plan.forecast.usual_hours")}
                clearable
                data={(hours.data ?? [])
                  .filter((one) => one.clientId === clientOf)
                  .map((one) => ({ value: one.id, label: one.name }))}
                value={hoursId}
                onChange={setHoursId}
              />
            )}
          </>
        )}
        <TextInput
          label={t("fields.name")}
          placeholder={chosen.map(({ queue }) => queue.name).join(", ")}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {work.error !== null && (
          <Alert color="red" role="alert">
            {problemText(work.error, i18n)}
          </Alert>
        )}
        <WorkProgress work={work} word={t("plan.forecast.learning")} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button onClick={() => void make()} disabled={!ready} loading={work.running}>
            {t("plan.forecast.make")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Plans are made by weeks. */
function nextMonday(today: string): string {
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay();
  return daysBefore(today, -((8 - weekday) % 7 || 7));
}
