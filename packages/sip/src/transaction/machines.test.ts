import { describe, expect, test } from "vitest";
import { INVITE_CLIENT_START, type InviteClientEvent, stepInviteClient } from "./invite-client.ts";
import { INVITE_SERVER_START, type InviteServerEvent, stepInviteServer } from "./invite-server.ts";
import type { Effect, Step } from "./machine.ts";
import { REQUEST_CLIENT_START, type RequestClientEvent, stepRequestClient } from "./request-client.ts";
import { REQUEST_SERVER_START, type RequestServerEvent, stepRequestServer } from "./request-server.ts";

function word(effect: Effect): string {
  if (effect.do === "arm") return `${effect.timer}=${effect.ms}`;
  return effect.do === "disarm" ? `-${effect.timer}` : effect.do;
}

/** Feeds events and tells for each the effects and the state reached. */
function run<S extends { readonly name: string }, E>(
  start: S,
  step: (state: S, event: E, reliable: boolean) => Step<S>,
  reliable: boolean,
  events: readonly E[],
): string[] {
  let state = start;
  return events.map((event) => {
    const result = step(state, event, reliable);
    state = result.next;
    return `${result.effects.map(word).join(" ")} > ${state.name}`.trim();
  });
}

const response = (kind: "provisional" | "success" | "failure") => ({ on: "response", class: kind }) as const;
const respond = (kind: "provisional" | "success" | "failure") => ({ on: "respond", class: kind }) as const;
const START = { on: "start" } as const;

describe("INVITE client", () => {
  const go = (reliable: boolean, ...events: InviteClientEvent[]): string[] =>
    run(INVITE_CLIENT_START, stepInviteClient, reliable, events);
  const A = { on: "timer", timer: "A" } as const;

  test("[SIP11] repeats at doubling intervals without bound and gives up at B", () => {
    expect(go(false, START, A, A, A, A, A, A, { on: "timer", timer: "B" })).toEqual([
      "send A=500 B=32000 > calling",
      "send A=1000 > calling",
      "send A=2000 > calling",
      "send A=4000 > calling",
      "send A=8000 > calling",
      "send A=16000 > calling",
      "send A=32000 > calling",
      "timed_out > terminated",
    ]);
  });

  test("[SIP11] sends once over a stream", () => {
    expect(go(true, START)).toEqual(["send B=32000 > calling"]);
  });

  test("a failure is acknowledged each time it comes, until D", () => {
    expect(
      go(false, START, response("provisional"), response("failure"), response("failure"), {
        on: "timer",
        timer: "D",
      }),
    ).toEqual([
      "send A=500 B=32000 > calling",
      "-A -B deliver > proceeding",
      "-A -B ack deliver D=32000 > completed",
      "ack > completed",
      "> terminated",
    ]);
    expect(go(true, START, response("failure")).at(-1)).toBe("ack deliver > terminated");
  });

  test("each 2xx reaches the user until M (RFC 6026)", () => {
    expect(
      go(false, response("success"), response("success"), response("failure"), { on: "timer", timer: "M" }),
    ).toEqual(["-A -B deliver M=32000 > accepted", "deliver > accepted", "> accepted", "> terminated"]);
  });

  test("a lost connection ends it", () => {
    expect(go(true, START, { on: "transport_error" }).at(-1)).toBe("transport_failed > terminated");
  });
});

describe("client of other methods", () => {
  const go = (reliable: boolean, ...events: RequestClientEvent[]): string[] =>
    run(REQUEST_CLIENT_START, stepRequestClient, reliable, events);
  const E = { on: "timer", timer: "E" } as const;

  test("[SIP11] repeats at doubling intervals up to T2, also after a provisional response, until F", () => {
    expect(go(false, START, E, E, E, E, response("provisional"), E, { on: "timer", timer: "F" })).toEqual([
      "send E=500 F=32000 > trying",
      "send E=1000 > trying",
      "send E=2000 > trying",
      "send E=4000 > trying",
      "send E=4000 > trying",
      "deliver > proceeding",
      "send E=4000 > proceeding",
      "timed_out > terminated",
    ]);
  });

  test("swallows copies of the final response for K", () => {
    expect(go(false, START, response("failure"), response("failure"), { on: "timer", timer: "K" })).toEqual([
      "send E=500 F=32000 > trying",
      "-E -F deliver K=5000 > completed",
      "> completed",
      "> terminated",
    ]);
    expect(go(true, START, response("success")).at(-1)).toBe("deliver > terminated");
  });
});

describe("INVITE server", () => {
  const go = (reliable: boolean, ...events: InviteServerEvent[]): string[] =>
    run(INVITE_SERVER_START, stepInviteServer, reliable, events);
  const G = { on: "timer", timer: "G" } as const;

  test("[SIP13] repeats a failure up to T2 apart until its ACK", () => {
    expect(
      go(
        false,
        respond("failure"),
        G,
        G,
        G,
        G,
        { on: "ack" },
        { on: "request" },
        { on: "timer", timer: "I" },
      ),
    ).toEqual([
      "send G=500 H=32000 > completed",
      "send G=1000 > completed",
      "send G=2000 > completed",
      "send G=4000 > completed",
      "send G=4000 > completed",
      "-G -H I=5000 > confirmed",
      "> confirmed",
      "> terminated",
    ]);
  });

  test("[SIP13] gives up at H; a stream needs no copies", () => {
    expect(go(false, respond("failure"), { on: "timer", timer: "H" }).at(-1)).toBe("timed_out > terminated");
    expect(go(true, respond("failure"), { on: "ack" })).toEqual(["send H=32000 > completed", "> terminated"]);
  });

  test("[SIP12] a copy gets the last response again; after a 2xx it is swallowed (RFC 6026)", () => {
    expect(go(false, respond("provisional"), { on: "request" })).toEqual([
      "send > proceeding",
      "send > proceeding",
    ]);
    expect(
      go(false, respond("success"), { on: "request" }, respond("success"), { on: "timer", timer: "L" }),
    ).toEqual(["send L=32000 > accepted", "> accepted", "send > accepted", "> terminated"]);
  });
});

describe("server of other methods", () => {
  const go = (reliable: boolean, ...events: RequestServerEvent[]): string[] =>
    run(REQUEST_SERVER_START, stepRequestServer, reliable, events);

  test("[SIP12] a copy gets the same response until J", () => {
    expect(
      go(false, { on: "request" }, respond("success"), { on: "request" }, { on: "timer", timer: "J" }),
    ).toEqual(["> trying", "send J=32000 > completed", "send > completed", "> terminated"]);
    expect(go(true, respond("success"))).toEqual(["send > terminated"]);
  });
});
