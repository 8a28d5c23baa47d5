import { type DiversionReason, diversionsOf } from "./diversion.ts";
import { diversionReasonOf, type HistoryEntry, historyOf } from "./history-info.ts";
import type { MessageBase } from "./message.ts";
import type { NameAddr } from "./name-addr.ts";

/** One who sent a call on, from Diversion or History-Info. */
export interface Redirector {
  readonly address: NameAddr;
  readonly reason: DiversionReason;
  readonly private: boolean;
}

/** Who sent a call on before it came to us. */
export interface Redirection {
  /** The one first called. */
  readonly first: Redirector;
  /** The one who sent it to us. */
  readonly last: Redirector;
  readonly count: number;
}

/**
 * Who diverted the call: from Diversion (RFC 5806), or without it from History-Info (RFC 7044, with the causes of RFC
 * 4458 and the reading of RFC 7544); undefined when nobody did.
 */
export function redirectionOf(message: MessageBase): Redirection | undefined {
  const diversions = diversionsOf(message);
  const last = diversions[0];
  const first = diversions.at(-1);
  if (first && last) {
    return { first, last, count: diversions.reduce((sum, { counter }) => sum + counter, 0) };
  }
  const history = historyOf(message);
  const redirectors = history.flatMap((entry, i) => {
    const reason = divertedBy(entry, history[i + 1]);
    return reason === undefined ? [] : [{ address: entry.address, reason, private: entry.private }];
  });
  const [eldest] = redirectors;
  const newest = redirectors.at(-1);
  return eldest && newest ? { first: eldest, last: newest, count: redirectors.length } : undefined;
}

/** A target diverted when the next one says why, or when it was itself left for a reason. */
function divertedBy(entry: HistoryEntry, next: HistoryEntry | undefined): DiversionReason | undefined {
  if (next === undefined) return undefined;
  const cause = next.cause ?? entry.leftCause;
  return cause === undefined ? undefined : diversionReasonOf(cause);
}
