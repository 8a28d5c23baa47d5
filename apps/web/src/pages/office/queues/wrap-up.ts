import type { QueueDraft } from "@svara/contracts";

type WrapUp = QueueDraft["wrapUp"];
export type WrapUpMode = WrapUp["mode"];

export const WRAP_UP_MODES = [
  "timed",
  "timed_forced",
  "manual",
  "requested",
  "off",
] as const satisfies readonly WrapUpMode[];

const USUAL_LIMIT_MS = 60_000;

/** The same wrap-up in another mode; the limit stays where the mode has one. */
export function withWrapUpMode(wrapUp: WrapUp, mode: WrapUpMode): WrapUp {
  const limitMs = "limitMs" in wrapUp ? wrapUp.limitMs : undefined;
  switch (mode) {
    case "off":
      return { mode };
    case "timed":
    case "timed_forced":
      return { mode, limitMs: limitMs ?? USUAL_LIMIT_MS };
    default:
      return limitMs === undefined ? { mode } : { mode, limitMs };
  }
}

/** The same wrap-up with another limit; undefined takes it away where the mode can do without. */
export function withLimit(wrapUp: WrapUp, limitMs: number | undefined): WrapUp {
  switch (wrapUp.mode) {
    case "off":
      return wrapUp;
    case "timed":
    case "timed_forced":
      return { mode: wrapUp.mode, limitMs: limitMs ?? wrapUp.limitMs };
    default:
      return limitMs === undefined ? { mode: wrapUp.mode } : { mode: wrapUp.mode, limitMs };
  }
}
