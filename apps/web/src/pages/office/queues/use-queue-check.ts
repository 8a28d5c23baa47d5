import { useDebouncedValue } from "@mantine/hooks";
import { ApiError, api, type QueueDraft } from "@svara/contracts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../../services.ts";
import { type Said, sayFinding, sayProblem } from "../findings/finding-words.ts";
import { ownField } from "./own-field.ts";
import { toSend } from "./queue-draft.ts";
import type { Wording } from "./queue-words.ts";

const AFTER_TYPING_MS = 500;
const UNNAMED = "–";

/** What is wrong or doubtful with the draft as it stands, asked a moment after each change. */
export function useQueueCheck(id: string | undefined, draft: QueueDraft, wording: Wording): readonly Said[] {
  const { i18n } = useTranslation();
  const { client } = useServices();
  const body = useMemo(() => {
    const queue = toSend(draft);
    // a queue that has no name yet is checked all the same
    return { ...(id === undefined ? {} : { id }), queue: { ...queue, name: queue.name || UNNAMED } };
  }, [id, draft]);
  const [settled] = useDebouncedValue(body, AFTER_TYPING_MS);
  const check = useQuery({
    queryKey: ["config", "queue-check", settled],
    queryFn: async () => {
      try {
        return await client.call(api.routing.checkQueue, { body: settled });
      } catch (error) {
        // what the contract itself refuses is named in the same way, below `queue`
        if (!(error instanceof ApiError) || !error.problem.errors) throw error;
        const errors = error.problem.errors.map((each) => ({
          ...each,
          field: each.field.replace(/^queue\./, ""),
        }));
        return { errors, findings: [] };
      }
    },
    placeholderData: keepPreviousData,
    meta: { handlesErrors: true },
  });
  const { data } = check;
  return useMemo(() => {
    if (!data) return [];
    const nameOf = (queueId: string): string => wording.nameOf("queue", queueId);
    const found = data.findings.map((finding) =>
      sayFinding({ ...finding, field: ownField(finding, id, settled.queue, nameOf) }, i18n),
    );
    const errors = data.errors
      // a new form is not scolded for what has not been filled in yet
      .filter(({ field }) => field.startsWith("routing.") || field.startsWith("wrapUp."))
      .map((problem) => sayProblem(problem, i18n));
    return withoutEchoes(errors, found);
  }, [data, id, settled, wording, i18n]);
}

/** What is refused is often found too: once is enough, in the words that say more. */
function withoutEchoes(errors: readonly Said[], found: readonly Said[]): readonly Said[] {
  const alike = (a: Said, b: Said): boolean =>
    a.field === b.field &&
    (a.code === b.code || (a.code.startsWith("expression.") && b.code === "bad_expression"));
  const refusedConditions = errors.filter(({ code }) => code.startsWith("expression."));
  return [
    ...errors.filter(
      (error) => refusedConditions.includes(error) || !found.some((each) => alike(error, each)),
    ),
    ...found.filter((each) => !refusedConditions.some((error) => alike(error, each))),
  ];
}
