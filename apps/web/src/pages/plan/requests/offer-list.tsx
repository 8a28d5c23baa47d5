import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  NumberInput,
  Skeleton,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { api } from "@svara/contracts";
import { IconClockPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { Empty } from "../../../kit/empty.tsx";
import { useServices, useSession } from "../../../services.ts";
import { PlaceChoice, type PlaceValue } from "../roster/place-choice.tsx";
import { addDays, wallDate, wallInstant } from "../roster/zone-time.ts";
import { useSpanWords } from "./request-words.tsx";

/** Overtime on offer, and the form for more of it. */
export function OfferList(props: { readonly making: boolean; readonly onMade: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const { centre } = useSession();
  const queries = useQueryClient();
  const span = useSpanWords(centre.timeZone);
  const mayEdit = useMay("plan.edit");
  const offers = useQuery({
    queryKey: ["plan", "requests", "offers"],
    queryFn: () => client.call(api.planRequests.offers, {}),
  });
  const close = useMutation({
    mutationFn: (id: string) => client.call(api.planRequests.closeOffer, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plan", "requests"] }),
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  const items = offers.data?.items ?? [];
  return (
    <>
      {offers.isPending && <Skeleton height={160} radius="lg" aria-busy="true" />}
      {offers.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconClockPlus}
            title={t("plan.requests.no_offers")}
            text={t("plan.requests.no_offers_text")}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="sv-surface" style={{ overflow: "hidden" }}>
          <Table.ScrollContainer minWidth={480}>
            <Table className="sv-num">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("plan.roster.time")}</Table.Th>
                  <Table.Th>{t("plan.roster.of")}</Table.Th>
                  <Table.Th ta="right">{t("plan.requests.taken")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((offer) => (
                  <Table.Tr key={offer.id}>
                    <Table.Td>
                      <Text size="sm" fw={560}>
                        {span(offer)}
                      </Text>
                      {offer.note !== "" && (
                        <Text size="xs" c="dimmed">
                          {offer.note}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{offer.placeName}</Table.Td>
                    <Table.Td ta="right">
                      <Badge color={offer.taken >= offer.seats ? "green" : "gray"}>
                        {offer.taken} / {offer.seats}
                      </Badge>
                    </Table.Td>
                    <Table.Td ta="right">
                      {mayEdit && (
                        <Button size="compact-sm" variant="default" onClick={() => close.mutate(offer.id)}>
                          {t("plan.requests.close_offer")}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
      {props.making && <NewOffer onClose={props.onMade} />}
    </>
  );
}

function NewOffer({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client, ids, serverClock } = useServices();
  const session = useSession();
  const { timeZone } = session.centre;
  const queries = useQueryClient();
  const scope = session.permissions.find(({ permission }) => permission === "plan.edit")?.scopes[0];
  const [place, setPlace] = useState<PlaceValue>({
    teamId: scope?.kind === "team" ? scope.id : null,
    siteId: scope?.kind === "site" ? scope.id : null,
  });
  const [date, setDate] = useState(() => addDays(wallDate(serverClock.now(), timeZone), 1));
  const [from, setFrom] = useState("16:00");
  const [to, setTo] = useState("20:00");
  const [seats, setSeats] = useState(1);
  const [note, setNote] = useState("");
  const make = useMutation({
    mutationFn: () => {
      const begin = wallInstant(date, from, timeZone);
      const end = wallInstant(to > from ? date : addDays(date, 1), to, timeZone);
      return client.call(api.planRequests.offer, {
        body: { ...place, from: begin, to: end, seats, note },
        idempotencyKey: ids.next(),
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["plan", "requests"] });
      notifyDone(t("plan.requests.offered"));
      onClose();
    },
    meta: { handlesErrors: true },
  });
  const faults = fieldProblems(make.error, i18n);
  return (
    <Modal opened onClose={onClose} title={t("plan.requests.offer_overtime")}>
      <Stack gap="md">
        {make.isError && (
          <Alert color="red" role="alert">
            {problemText(make.error, i18n)}
          </Alert>
        )}
        <PlaceChoice
          label={t("plan.requests.offer_to")}
          value={place}
          onChange={setPlace}
          error={faults.teamId}
        />
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label={t("plan.roster.day")}
            value={date}
            error={faults.from}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            step={900}
            label={t("plan.roster.begins")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            step={900}
            label={t("plan.roster.ends")}
            value={to}
            error={faults.to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </Group>
        <NumberInput
          label={t("plan.requests.seats")}
          min={1}
          max={100}
          allowDecimal={false}
          value={seats}
          onChange={(value) => setSeats(typeof value === "number" ? value : 1)}
        />
        <Textarea
          label={t("plan.requests.note")}
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t("plan.requests.offer")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
