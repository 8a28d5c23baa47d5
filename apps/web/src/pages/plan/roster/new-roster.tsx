import { Alert, Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { api, type RosterView } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useServices, useSession } from "../../../services.ts";
import { PlaceChoice, type PlaceValue } from "./place-choice.tsx";
import { addDays, mondayOf, wallDate } from "./zone-time.ts";

/** Asks whose roster it is and for which days. */
export function NewRoster(props: {
  readonly onClose: () => void;
  readonly onMade: (roster: RosterView) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, ids, serverClock } = useServices();
  const session = useSession();
  const queries = useQueryClient();
  const scope = session.permissions
    .find(({ permission }) => permission === "plan.edit")
    ?.scopes.find(({ kind }) => kind === "team" || kind === "site" || kind === "centre");
  const [place, setPlace] = useState<PlaceValue>({
    teamId: scope?.kind === "team" ? scope.id : null,
    siteId: scope?.kind === "site" ? scope.id : null,
  });
  const [from, setFrom] = useState(() =>
    addDays(mondayOf(wallDate(serverClock.now(), session.centre.timeZone)), 7),
  );
  const [days, setDays] = useState(7);
  const make = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.create, {
        body: { ...place, from, days },
        idempotencyKey: ids.next(),
      }),
    onSuccess: async (roster) => {
      await queries.invalidateQueries({ queryKey: ["plan", "rosters"] });
      props.onMade(roster);
    },
    meta: { handlesErrors: true },
  });
  const faults = fieldProblems(make.error, i18n);
  return (
    <Modal opened onClose={props.onClose} title={t("plan.roster.new")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="md">
          {make.isError && Object.keys(faults).length === 0 && (
            <Alert color="red" role="alert">
              {problemText(make.error, i18n)}
            </Alert>
          )}
          <PlaceChoice
            label={t("plan.roster.of")}
            value={place}
            onChange={setPlace}
            error={faults.teamId ?? faults.siteId}
          />
          <Group grow align="flex-start">
            <TextInput
              type="date"
              label={t("plan.roster.first_day")}
              value={from}
              error={faults.from}
              onChange={(event) => setFrom(event.currentTarget.value)}
              required
            />
            <NumberInput
              label={t("plan.roster.number_of_days")}
              min={1}
              max={42}
              allowDecimal={false}
              value={days}
              error={faults.days}
              onChange={(value) => setDays(typeof value === "number" ? value : 7)}
            />
          </Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={make.isPending} data-testid="make-roster">
              {t("plan.roster.begin")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
