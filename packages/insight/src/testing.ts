import type { Initiation, LedgerDraft, QueueOutcome } from "@svara/ledger";

/** The two events of one stay in a queue; without an outcome only the first. */
export function stay(options: {
  readonly contactId: string;
  readonly queueId?: string;
  readonly at: number;
  readonly waitMs?: number;
  readonly outcome?: QueueOutcome;
  readonly initiation?: Initiation;
}): LedgerDraft[] {
  const { contactId, queueId = "q-1", at, waitMs = 0, outcome, initiation = "new" } = options;
  const entered: LedgerDraft = {
    type: "queue.entered",
    at,
    contactId,
    queueId,
    payload: { medium: "voice", initiation, priority: 0 },
  };
  if (outcome === undefined) return [entered];
  return [entered, { type: "queue.left", at: at + waitMs, contactId, queueId, payload: { outcome, waitMs } }];
}

/** Events in order of time. */
export function inOrder(events: readonly LedgerDraft[]): LedgerDraft[] {
  return [...events].sort((a, b) => a.at - b.at);
}
