const MEMORY = 100; // contacts: the customers of half an hour in a middling queue

/** What a queue has learnt of its customers' patience; plain JSON. */
export interface PatienceRecord {
  /** How many taught something. */
  readonly contacts: number;
  /** Time waited, ms, and customers who gave up, both fading with each further contact. */
  readonly waitedMs: number;
  readonly gone: number;
}

/** Before anybody waited. */
export const NO_PATIENCE: PatienceRecord = { contacts: 0, waitedMs: 0, gone: 0 };

/**
 * Learns from a customer on the line who left the queue after `waitedMs`: `gone` by giving up, otherwise served or sent
 * elsewhere, who would have waited longer (censored). Who did not wait teaches nothing.
 */
export function learnPatience(record: PatienceRecord, waitedMs: number, gone: boolean): PatienceRecord {
  if (waitedMs <= 0) return record;
  const kept = record.contacts < MEMORY ? 1 : 1 - 1 / MEMORY;
  return {
    contacts: record.contacts + 1,
    waitedMs: record.waitedMs * kept + waitedMs,
    gone: record.gone * kept + (gone ? 1 : 0),
  };
}

/** The mean patience: all time waited over those who gave up, the likeliest value of an exponential one. Null: nobody did. */
export function meanPatienceMs({ waitedMs, gone }: PatienceRecord): number | null {
  return gone === 0 ? null : waitedMs / gone;
}
