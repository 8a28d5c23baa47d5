import { describe, expect, it } from "vitest";
import { judgeSoak, slope } from "./judge-soak.ts";
import { parseMetrics, type ServerSample } from "./server-sample.ts";

const idle: ServerSample = {
  atSeconds: 0,
  contacts: 0,
  residentMb: 300,
  heapMb: 60,
  fileHandles: 50,
  sockets: 20,
  legs: 0,
  dialogs: 0,
  transactions: 0,
  contactsActive: 0,
  ledgerPending: 0,
  loopP99Ms: 11,
  mediaLateMs: 1,
};
/** A run of two minutes at 30 calls a second whose heap grows by so much a call once it is warm. */
const run = (bytesACall: number): ServerSample[] =>
  Array.from({ length: 12 }, (_, i) => {
    const contacts = 300 * (i + 1);
    const heapMb = i < 4 ? 60 + 10 * i : 100 + (contacts * bytesACall) / 1e6;
    return { ...idle, atSeconds: 10 * (i + 1), contacts, legs: 300, heapMb };
  });
const outcome = {
  before: idle,
  samples: run(0),
  after: { ...idle, residentMb: 400, fileHandles: 55 },
  calls: 3_600,
  answered: 3_600,
  refused: 0,
  held: { wanted: 100, kept: 100 },
};

describe("the verdict on a soak", () => {
  it("is clean when memory is flat after the warm-up and nothing is left", () => {
    expect(judgeSoak(outcome)).toMatchObject({ clean: true, heapBytesACall: 0, faults: [] });
  });

  it("names a heap that grows with the calls", () => {
    const { clean, heapBytesACall, faults } = judgeSoak({ ...outcome, samples: run(5_000) });
    expect(clean).toBe(false);
    expect(heapBytesACall).toBeCloseTo(5_000, 3);
    expect(faults).toEqual(["the heap grows by 5000 bytes a call"]);
  });

  it("names what is left, lost and unanswered", () => {
    const faults = judgeSoak({
      ...outcome,
      after: { ...idle, legs: 2, dialogs: 1, fileHandles: 90 },
      answered: 3_500,
      refused: 90,
      held: { wanted: 100, kept: 97 },
    }).faults;
    expect(faults).toEqual([
      "90 handles after, 50 before",
      "2 legs left",
      "1 SIP dialogs left",
      "3 of 100 held calls were lost",
      "10 calls came to nothing",
    ]);
  });
});

it("fits a line", () => {
  expect(
    slope([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBe(2);
});

it("reads metrics with and without labels", () => {
  expect(parseMetrics('# HELP a b\na_total{x="1"} 2\nb 3.5\n')).toEqual([
    { name: "a_total", labels: '{x="1"}', value: 2 },
    { name: "b", labels: "", value: 3.5 },
  ]);
});
