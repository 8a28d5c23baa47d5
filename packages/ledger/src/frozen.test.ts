import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { checkDraft } from "./check.ts";
import { EVENT_VERSIONS, type EventType } from "./events.ts";
import { decodeEvent, type StoredEvent, type Upcasters } from "./upcast.ts";

const folder = path.join(import.meta.dirname, "..", "frozen");
const read = (file: string) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as StoredEvent;
const released = Object.entries(EVENT_VERSIONS).flatMap(([type, newest]) =>
  Array.from({ length: newest }, (_, i) => `${type}.v${i + 1}.json`),
);

describe("frozen samples", () => {
  it("[LE1] there is one of every version of every type, and no other", () => {
    expect(fs.readdirSync(folder).sort()).toEqual([...released].sort());
  });

  it.each(released)("[LE1] %s is read as its type's newest version", (file) => {
    const stored = read(file);
    const event = decodeEvent(stored);
    expect(event.v).toBe(EVENT_VERSIONS[event.type]);
    expect(() => checkDraft(event)).not.toThrow();
  });
});

describe("upcasters", () => {
  // A made-up history: `queue.left` first had `waitSeconds`, then `waitMs` without an outcome, then both.
  const versions: Readonly<Record<string, number>> = { ...EVENT_VERSIONS, "queue.left": 3 };
  const upcasters: Upcasters = {
    "queue.left": {
      1: (payload) => ({ waitMs: (payload as { waitSeconds: number }).waitSeconds * 1000 }),
      2: (payload, event) => ({ ...(payload as object), outcome: event.agentId ? "answered" : "abandoned" }),
    },
  };
  const old = (v: number, payload: unknown): StoredEvent => ({ ...read("queue.left.v1.json"), v, payload });

  it("[LE4] lift an event version by version", () => {
    const event = decodeEvent(old(1, { waitSeconds: 61 }), upcasters, versions);
    expect(event).toMatchObject({ v: 3, payload: { waitMs: 61_000, outcome: "abandoned" } });
    expect(decodeEvent(old(2, { waitMs: 5 }), upcasters, versions).payload).toEqual({
      waitMs: 5,
      outcome: "abandoned",
    });
    expect(decodeEvent(old(3, { waitMs: 5, outcome: "closed" }), upcasters, versions).v).toBe(3);
  });

  it("[LE4] miss no version in between", () => {
    expect(() => decodeEvent(old(1, {}), {}, versions)).toThrow(/no way from queue.left version 1/);
  });

  it("[LE3] do not guess: an unknown type or a newer version is an error", () => {
    const stored = read("queue.left.v1.json");
    expect(() => decodeEvent({ ...stored, type: "queue.exploded" })).toThrow(/unknown event type/);
    expect(() => decodeEvent({ ...stored, v: 2 })).toThrow(/newer version/);
    expect(() => decodeEvent({ ...stored, type: "toString" as EventType })).toThrow(/unknown event type/);
  });
});
