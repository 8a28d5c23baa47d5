import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contactTimeline, verifyContact } from "./contact-timeline.ts";
import { ContactScript } from "./testing.ts";

const words = (script: ContactScript) => verifyContact(script.sorted()).map((found) => found.problem);

const answered = () =>
  new ContactScript()
    .created(0)
    .customer("flow", 0, 5_000)
    .entered(5_000)
    .customer("queue", 5_000, 30_000)
    .handler("ring", "a-1", 20_000, 30_000)
    .left(30_000, "answered", 25_000)
    .customer("talk", 30_000, 90_000)
    .handler("talk", "a-1", 30_000, 100_000)
    .customer("hold", 90_000, 95_000)
    .customer("talk", 95_000, 100_000, "customer_ended")
    .handler("wrap_up", "a-1", 100_000, 130_000)
    .closed(130_000);

describe("a contact's timeline", () => {
  it("[LE5] the customer's segments tile the time from first sign to the customer's end", () => {
    const timeline = contactTimeline(answered().sorted());
    expect(timeline.problems).toEqual([]);
    expect(timeline.customerSegments.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ["flow", 0, 5_000],
      ["queue", 5_000, 30_000],
      ["talk", 30_000, 90_000],
      ["hold", 90_000, 95_000],
      ["talk", 95_000, 100_000],
    ]);
    expect(timeline.customerEndedAt).toBe(100_000);
  });

  it("[LE5] a gap, an overlap and a late start are noticed, to the millisecond", () => {
    expect(words(new ContactScript().created(0).customer("flow", 1, 9))).toEqual(["late_start"]);
    expect(words(new ContactScript().created(0).customer("flow", 0, 9).customer("talk", 10))).toEqual([
      "gap",
    ]);
    expect(words(new ContactScript().created(0).customer("flow", 0).customer("talk", 10))).toEqual([
      "overlap",
    ]);
    const back = new ContactScript().created(0).customer("flow", 0, 9).customer("talk", 8);
    expect(verifyContact(back.events).map((found) => found.problem)).toContain("overlap");
  });

  it("[LE5] an outbound contact's customer begins with the answer", () => {
    const script = new ContactScript().created(0, { direction: "outbound", origin: "agent" });
    expect(words(script.customer("talk", 8_000, 9_000, "customer_ended").closed(9_000))).toEqual([]);
  });

  it("[LE6] handlers may overlap each other and outlast the customer", () => {
    const script = new ContactScript().created(0).customer("talk", 0, 50, "customer_ended");
    script.handler("talk", "a-1", 0, 60).handler("consult", "a-2", 10, 55).handler("wrap_up", "a-1", 60, 90);
    expect(words(script.closed(90))).toEqual([]);
  });

  it("[LE7] a closed contact has nothing open, and nothing of the call comes after", () => {
    expect(words(new ContactScript().created(0).customer("talk", 0).closed(9))).toEqual(["segment_open"]);
    const queued = new ContactScript().created(0).entered(0).customer("queue", 0, 9, "customer_ended");
    expect(words(queued.closed(9, "abandoned_queue"))).toEqual(["queue_not_left"]);
    expect(words(answered().handler("talk", "a-2", 140_000, 150_000))).toContain("after_close");
    expect(words(new ContactScript().created(0).closed(9))).toEqual(["no_customer_segment"]);
    expect(words(new ContactScript().created(0).closed(9, "rejected"))).toEqual([]);
  });

  it("[LE8] each stay in a queue ends once, and its wait is the time in between", () => {
    const stay = (waitMs: number) =>
      new ContactScript().created(0).customer("queue", 0).entered(0).left(70, "timeout", waitMs);
    expect(words(stay(70))).toEqual([]);
    expect(words(stay(69))).toEqual(["wait_wrong"]);
    expect(words(stay(70).left(80, "answered", 80))).toEqual(["queue_not_entered"]);
  });

  it("[LE12] time does not run back, and a contact begins with its creation", () => {
    expect(
      verifyContact(new ContactScript().created(9).customer("flow", 8).events).map((p) => p.problem),
    ).toContain("time_runs_back");
    expect(words(new ContactScript().customer("flow", 0))).toContain("not_created");
  });

  it("[LE5] whatever the segments' lengths, a gapless history has no problem and any shifted one has", () => {
    const kinds = fc.constantFrom("flow", "queue", "talk", "hold" as const);
    const parts = fc.array(fc.tuple(kinds, fc.integer({ min: 1, max: 10_000 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(parts, fc.nat(), fc.constantFrom(-1, 1), (lengths, pick, shift) => {
        const write = (moved: number) => {
          const script = new ContactScript().created(0);
          let at = 0;
          lengths.forEach(([kind, ms], i) => {
            script.customer(kind, at + (i === moved ? shift : 0), at + ms + (i === moved ? shift : 0));
            at += ms;
          });
          return verifyContact(script.events);
        };
        expect(write(-1)).toEqual([]);
        expect(write(1 + (pick % (lengths.length - 1)))).not.toEqual([]);
      }),
    );
  });
});
