import { SipParseError } from "../errors.ts";
import type { MessageBase } from "./message.ts";
import { parseParams } from "./params.ts";
import type { HeaderLines } from "./respond.ts";
import { isDigits } from "./text.ts";

/** The wish that the callee's phone answers by itself. */
export interface AutoAnswer {
  readonly delaySeconds: number;
}

const LONGEST_DELAY_S = 60; // beyond it nobody waits for a beep

/**
 * Reads the three ways in which a phone is asked to answer by itself: `Alert-Info` with `info=alert-autoanswer` or
 * `answer-after`, `Call-Info` with `answer-after`, and `Answer-Mode: Auto` or `Priv-Answer-Mode: Auto` (RFC 5373).
 */
export function autoAnswerOf(message: MessageBase): AutoAnswer | undefined {
  for (const name of ["Alert-Info", "Call-Info"]) {
    for (const value of message.headers.get(name) === undefined ? [] : message.list(name)) {
      const params = paramsBehindUri(value, name);
      const after = params?.get("answer-after");
      if (after !== undefined) return delayOf(after);
      const info = params?.get("info")?.toLowerCase();
      if (info === "alert-autoanswer" || info === "auto answer" || info === "intercom") {
        return delayOf(params?.get("delay"));
      }
    }
  }
  for (const name of ["Answer-Mode", "Priv-Answer-Mode"]) {
    const mode = message.headers.get(name)?.split(";")[0]?.trim().toLowerCase();
    if (mode === "auto") return { delaySeconds: 0 };
  }
  return undefined;
}

/** All three ways at once: a phone ignores what it does not know. */
export function autoAnswerHeaders(wish: AutoAnswer): HeaderLines {
  const delay = Math.max(0, Math.min(LONGEST_DELAY_S, Math.round(wish.delaySeconds)));
  return [
    ["Alert-Info", `<http://localhost>;info=alert-autoanswer;delay=${delay}`],
    ["Call-Info", `<sip:localhost>;answer-after=${delay}`],
    ["Answer-Mode", "Auto"],
  ];
}

function paramsBehindUri(value: string, field: string): ReadonlyMap<string, string> | undefined {
  const close = value.indexOf(">");
  const semicolon = value.indexOf(";", Math.max(close, 0));
  if (semicolon < 0) return undefined;
  try {
    return parseParams(value, semicolon, field);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

function delayOf(text: string | undefined): AutoAnswer {
  const seconds = text !== undefined && isDigits(text) ? Number(text) : 0;
  return { delaySeconds: Math.min(LONGEST_DELAY_S, seconds) };
}
