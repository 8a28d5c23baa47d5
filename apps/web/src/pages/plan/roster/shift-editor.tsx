import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { api, ROSTER_PART_KINDS, type RosterShiftView, type RosterView } from "@svara/contracts";
import { IconAlertTriangle, IconPlus, IconTrash, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { STEP_MS, shifted } from "./roster-model.ts";
import { useViolationWords } from "./violation-words.ts";
import { addDays, dayWords, wallInstant, wallTime } from "./zone-time.ts";

/** One shift: its times and parts; which rules it would break is told while it is changed. */
export function ShiftEditor(props: {
  readonly view: RosterView;
  readonly shift: RosterShiftView;
  /** The begin of the shift that it replaces; null: it is new. */
  readonly instead: number | null;
  readonly editable: boolean;
  readonly onClose: () => void;
  readonly onPut: (shift: RosterShiftView, instead: number | null) => void;
  readonly onRemove: (shift: RosterShiftView) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const words = useViolationWords();
  const { signed } = usePlanFormat();
  const { view, instead, editable } = props;
  const { timeZone } = view;
  const [shift, setShift] = useState(props.shift);
  const name = view.agentsList.find(({ id }) => id === shift.agentId)?.name ?? "";
  const tried = useQuery({
    queryKey: ["plan", "roster", view.id, "try", view.draftRevision, shift],
    queryFn: () =>
      client.call(api.planRosters.tryChange, {
        params: { id: view.id },
        body: { type: "put_shift", shift, ...(instead !== null && { instead }) },
      }),
    enabled: editable && shift.to > shift.from,
    retry: false,
    meta: { handlesErrors: true },
  });
  /** A time of day on or after the begin. */
  const at = (time: string): number => {
    const same = wallInstant(shift.date, time, timeZone);
    return same < shift.from ? wallInstant(addDays(shift.date, 1), time, timeZone) : same;
  };
  const setParts = (parts: RosterShiftView["parts"]): void =>
    setShift({ ...shift, parts: parts.toSorted((a, b) => a.from - b.from) });
  return (
    <Modal opened onClose={props.onClose} title={`${name}, ${dayWords(shift.date, i18n.language)}`} size="lg">
      <Stack gap="md">
        <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0 }}>
          <Stack gap="sm">
            <Group grow align="flex-end">
              <TextInput
                type="time"
                step={900}
                label={t("plan.roster.begins")}
                value={wallTime(shift.from, timeZone)}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  if (value) setShift(shifted(shift, wallInstant(shift.date, value, timeZone) - shift.from));
                }}
              />
              <TextInput
                type="time"
                step={900}
                label={t("plan.roster.ends")}
                value={wallTime(shift.to, timeZone)}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  if (value) setShift({ ...shift, to: at(value) });
                }}
              />
            </Group>
            {shift.parts.map((part, index) => (
              <Group key={`${part.kind}${part.from}`} wrap="nowrap" align="flex-end" gap="xs">
                <Select
                  flex={1}
                  aria-label={t("plan.roster.activity")}
                  data={ROSTER_PART_KINDS.map((kind) => ({
                    value: kind,
                    label: t(`plan.roster.part.${kind}`),
                  }))}
                  value={part.kind}
                  onChange={(kind) =>
                    setParts(
                      shift.parts.map((each, i) =>
                        i === index ? { ...each, kind: (kind ?? "break") as typeof part.kind } : each,
                      ),
                    )
                  }
                />
                <TextInput
                  type="time"
                  step={300}
                  w={136}
                  aria-label={`${t(`plan.roster.part.${part.kind}`)}: ${t("plan.roster.begins")}`}
                  value={wallTime(part.from, timeZone)}
                  onChange={(event) => {
                    const from = event.currentTarget.value ? at(event.currentTarget.value) : part.from;
                    setParts(
                      shift.parts.map((each, i) =>
                        i === index ? { ...each, from, to: from + part.to - part.from } : each,
                      ),
                    );
                  }}
                />
                <Select
                  w={110}
                  aria-label={t("plan.roster.minutes_long")}
                  data={[5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240].map((minutes) => ({
                    value: String(minutes),
                    label: t("plan.roster.minutes", { n: minutes }),
                  }))}
                  value={String((part.to - part.from) / 60_000)}
                  onChange={(minutes) =>
                    setParts(
                      shift.parts.map((each, i) =>
                        i === index ? { ...each, to: each.from + Number(minutes ?? 15) * 60_000 } : each,
                      ),
                    )
                  }
                />
                <Checkbox
                  mb={8}
                  label={t("plan.roster.paid")}
                  checked={part.paid}
                  onChange={(event) => {
                    const { checked } = event.currentTarget;
                    setParts(shift.parts.map((each, i) => (i === index ? { ...each, paid: checked } : each)));
                  }}
                />
                <ActionIcon
                  mb={4}
                  aria-label={`${t("common.remove")}: ${t(`plan.roster.part.${part.kind}`)}`}
                  onClick={() => setParts(shift.parts.filter((_, i) => i !== index))}
                >
                  <IconX size={16} />
                </ActionIcon>
              </Group>
            ))}
            <Group justify="space-between">
              <Button
                variant="subtle"
                size="xs"
                leftSection={<IconPlus size={15} />}
                onClick={() => {
                  const from = (shift.parts.at(-1)?.to ?? shift.from) + 4 * STEP_MS;
                  setParts([...shift.parts, { kind: "break", from, to: from + STEP_MS, paid: true }]);
                }}
              >
                {t("plan.roster.add_part")}
              </Button>
              <Checkbox
                label={t("plan.roster.locked")}
                checked={shift.locked ?? false}
                onChange={(event) => setShift({ ...shift, locked: event.currentTarget.checked })}
              />
            </Group>
          </Stack>
        </fieldset>
        {tried.data && tried.data.violations.length > 0 && (
          <Alert color="red" icon={<IconAlertTriangle />} title={t("plan.roster.would_break")} role="status">
            <Stack gap={4}>
              {tried.data.violations.map((violation) => (
                <Text key={`${violation.rule}${violation.date}${violation.agentId}`} size="sm">
                  {words(violation)}
                </Text>
              ))}
            </Stack>
          </Alert>
        )}
        {tried.data && (
          <Text size="sm" c="dimmed" role="status">
            {t("plan.roster.effect", {
              short: signed(tried.data.effects.shortHoursDelta),
              over: signed(tried.data.effects.overHoursDelta),
              paid: signed(tried.data.effects.paidMinutesDelta / 60),
            })}
          </Text>
        )}
        <Group justify="space-between">
          {editable && instead !== null ? (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => props.onRemove(props.shift)}
            >
              {t("common.remove")}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t(editable ? "common.cancel" : "common.close")}
            </Button>
            {editable && (
              <Button onClick={() => props.onPut(shift, instead)} data-testid="save-shift">
                {t("common.save")}
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
