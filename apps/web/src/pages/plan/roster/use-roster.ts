import { api, type RosterChangeDraft, type RosterDecisionView, type RosterView } from "@svara/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { useViolationWords } from "./violation-words.ts";

/** A roster with what a planner does to it; each change tells at once which rules it breaks, and can be taken back. */
export function useRoster(id: string) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const words = useViolationWords();
  const key = ["plan", "roster", id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => client.call(api.planRosters.get, { params: { id } }),
  });
  const show = (roster: RosterView): void => {
    queries.setQueryData(key, roster);
    void queries.invalidateQueries({ queryKey: ["plan", "rosters"] });
  };
  const failed = (error: unknown): void => {
    notifyProblem(problemText(error, i18n));
    void queries.invalidateQueries({ queryKey: key });
  };
  const revision = (): number => queries.getQueryData<RosterView>(key)?.draftRevision ?? 0;

  const undo = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.undo, { params: { id }, body: { draftRevision: revision() } }),
    onSuccess: (roster) => {
      show(roster);
      notifyDone(t("plan.roster.undone"));
    },
    onError: failed,
    meta: { handlesErrors: true },
  });
  const told = (decision: RosterDecisionView): void => {
    const [first] = decision.violations;
    const message = first
      ? t("plan.roster.changed_breaks", { rule: words(first), count: decision.violations.length })
      : t("plan.roster.changed");
    notifyDone(message, { label: t("common.undo"), run: () => undo.mutate() });
  };
  const change = useMutation({
    mutationFn: (wanted: RosterChangeDraft) =>
      client.call(api.planRosters.change, {
        params: { id },
        body: { draftRevision: revision(), change: wanted },
      }),
    onSuccess: ({ decision, roster }) => {
      show(roster);
      told(decision);
    },
    onError: failed,
    meta: { handlesErrors: true },
  });
  return { query, change, undo, show };
}
