import { browsers } from "./browsers/browsers.ts";
import type { CaseResult } from "./cases/bench-case.ts";
import { conversation } from "./cases/conversation.ts";
import { ledger } from "./cases/ledger.ts";
import { routing } from "./cases/routing/routing.ts";
import { sipCall } from "./cases/sip-call.ts";
import { sipParse } from "./cases/sip-parse.ts";
import type { Sizes } from "./sizes.ts";
import { CALL_CASES, telephony } from "./telephony/telephony.ts";
import { forecasting } from "./workforce/forecast-bench.ts";
import { workforce } from "./workforce/workforce.ts";

export const CASES = [
  ...CALL_CASES,
  "browsers",
  "routing",
  "sip",
  "conversation",
  "ledger",
  "workforce",
  "forecasting",
] as const;
export type CaseName = (typeof CASES)[number];

interface RunOptions {
  readonly say: (line: string) => void;
  /** V8's processor profiles of the server go there. */
  readonly profileDir?: string;
  /** Measure the peer in the same run, where it can be had. */
  readonly peer: boolean;
  /** CSV of contacts per interval, for the errors of forecasts. */
  readonly history?: string;
}

/** Measures these cases one after another; nothing else of ours runs meanwhile. */
export async function run(
  cases: readonly CaseName[],
  sizes: Sizes,
  options: RunOptions,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const has = (name: CaseName): boolean => cases.includes(name);
  const calls = CALL_CASES.filter(has);
  if (calls.length > 0) results.push(...(await telephony(calls, sizes, options)));
  if (has("browsers")) results.push(await browsers(sizes.browsers, options));
  if (has("routing")) results.push(routing());
  if (has("sip")) results.push(sipParse(), await sipCall());
  if (has("conversation")) results.push(conversation());
  if (has("ledger")) results.push(await ledger({ forMs: sizes.ledgerMs }));
  if (has("workforce")) results.push(...(await workforce(sizes.workforce, options)));
  if (has("forecasting")) results.push(forecasting(options));
  return results;
}
