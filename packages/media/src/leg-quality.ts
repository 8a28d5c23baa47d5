import { codecImpairment, opinionScore, transmissionRating } from "./e-model.ts";
import type { LegQuality } from "./media-host.ts";
import type { HeardReport } from "./rtcp.ts";

/** A receiver waits for a packet and twice the jitter, 200 ms at most. */
const packetMs = 20;
const maxPlayoutMs = 200;
const timestampsPerMs = 8;

/** What was counted of a leg. */
export interface LegCounts {
  readonly codec: string;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly packetsLost: number;
  /** Runs of loss: `packetsLost` fell into so many. */
  readonly lossRuns: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  /** What the party reports of the stream that we send. */
  readonly heard: HeardReport | null;
}

/** Judges a leg by the E-model. Pure. */
export function qualityOf(counts: LegCounts): LegQuality {
  const { codec, packetsReceived, packetsSent, packetsLost, lossRuns, jitterMs, roundTripMs, heard } = counts;
  const expected = packetsReceived + packetsLost;
  const lossShare = expected === 0 ? 0 : packetsLost / expected;
  const burstR = lossRuns === 0 ? 1 : Math.max(1, (packetsLost / lossRuns) * (1 - lossShare));
  const mos = score(codec, lossShare, burstR, jitterMs, roundTripMs);
  return {
    mos,
    ...(heard ? { remoteMos: remoteScore(codec, packetsSent, heard, roundTripMs) } : {}),
    codec,
    packetsReceived,
    packetsSent,
    lossShare: Math.round(lossShare * 10_000) / 10_000,
    jitterMs: Math.round(jitterMs * 10) / 10,
    ...(roundTripMs === null ? {} : { roundTripMs }),
  };
}

function remoteScore(codec: string, sent: number, heard: HeardReport, roundTripMs: number | null): number {
  const lossShare = sent === 0 ? 0 : Math.max(0, Math.min(1, heard.lost / sent));
  return score(codec, lossShare, 1, heard.jitter / timestampsPerMs, roundTripMs);
}

function score(
  codec: string,
  lossShare: number,
  burstR: number,
  jitterMs: number,
  roundTripMs: number | null,
): number {
  const delayMs = (roundTripMs ?? 0) / 2 + Math.min(maxPlayoutMs, packetMs + 2 * jitterMs);
  const rating = transmissionRating({
    ...codecImpairment(codec),
    ppl: lossShare * 100,
    burstR,
    t: delayMs,
    ta: delayMs,
    tr: 2 * delayMs,
  });
  return Math.round(opinionScore(rating) * 100) / 100;
}
