import {
  Alert,
  Button,
  Group,
  Modal,
  Radio,
  ScrollArea,
  Skeleton,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { api, type RosterShiftView } from "@svara/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { dayWords, spanWords } from "../roster/zone-time.ts";

/** The agent chooses a colleague's shift, or a colleague who takes the own one over; those that break no rule first. */
export function AskSwap(props: {
  readonly shift: RosterShiftView;
  readonly timeZone: string;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const queries = useQueryClient();
  const { shift, timeZone } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const choices = useQuery({
    queryKey: ["plan", "my", "swap-choices", shift.from],
    queryFn: () => client.call(api.mySchedule.swapChoices, { query: { mine: shift.from } }),
  });
  const items = (choices.data?.items ?? []).toSorted((a, b) => Number(b.allowed) - Number(a.allowed));
  const keyOf = (item: (typeof items)[number]): string => `${item.colleagueId} ${item.shift?.from ?? ""}`;
  const wanted = items.find((item) => keyOf(item) === chosen);
  const ask = useMutation({
    mutationFn: () =>
      client.call(api.mySchedule.ask, {
        body: {
          kind: "swap",
          mine: shift.from,
          colleagueId: wanted?.colleagueId ?? "",
          theirs: wanted?.shift?.from ?? null,
          reason,
        },
        idempotencyKey: ids.next(),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["plan", "my"] });
      notifyDone(t("plan.my.asked_colleague", { name: wanted?.name ?? "" }));
      props.onClose();
    },
    meta: { handlesErrors: true },
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t("plan.my.swap_title", {
        shift: `${dayWords(shift.date, i18n.language)} ${spanWords(shift, timeZone)}`,
      })}
    >
      <Stack gap="md">
        {(ask.isError || choices.isError) && (
          <Alert color="red" role="alert">
            {problemText(ask.error ?? choices.error, i18n)}
          </Alert>
        )}
        {choices.isPending && <Skeleton height={160} />}
        {choices.isSuccess && items.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("plan.my.no_colleagues")}
          </Text>
        )}
        <ScrollArea.Autosize mah={340}>
          <Radio.Group value={chosen} onChange={setChosen} aria-label={t("plan.my.swap_for")}>
            <Stack gap={8}>
              {items.map((item) => (
                <Radio
                  key={keyOf(item)}
                  value={keyOf(item)}
                  label={
                    item.shift
                      ? `${item.name}: ${dayWords(item.shift.date, i18n.language)} ${spanWords(item.shift, timeZone)}`
                      : t("plan.my.takes_over", { name: item.name })
                  }
                  description={item.allowed ? undefined : t("plan.my.needs_person")}
                />
              ))}
            </Stack>
          </Radio.Group>
        </ScrollArea.Autosize>
        <Textarea
          label={t("plan.my.message")}
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button disabled={!wanted} loading={ask.isPending} onClick={() => ask.mutate()} data-testid="ask">
            {t("plan.my.ask")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
