import type { Queue, QueueDraft, QueueRouting, RoutingFinding } from "@svara/contracts";
import { queueDraft } from "@svara/contracts";
import { describe, expect, test } from "vitest";
import { ownField } from "./own-field.ts";
import {
  askedAfter,
  blankQueue,
  draftOf,
  freeRuleId,
  idlePerLevelMs,
  inOrder,
  lowered,
  nextStep,
  sectionOf,
  toSend,
} from "./queue-draft.ts";
import { withLimit, withWrapUpMode } from "./wrap-up.ts";

const CLIENT = "018f0000-0000-7000-8000-000000000001";
const SWEDISH = "018f0000-0000-7000-8000-00000000000a";
const NORTH = "018f0000-0000-7000-8000-00000000000b";

function draft(changes: Partial<QueueDraft> = {}, routing: Partial<QueueRouting> = {}): QueueDraft {
  const blank = blankQueue(CLIENT);
  return { ...blank, name: "Billing", ...changes, routing: { ...blank.routing, ...routing } };
}

describe("what is edited and what is sent", () => {
  test("a queue to begin with is one that the contract takes, once it has a name", () => {
    expect(queueDraft.parse(toSend(draft()))).toEqual(draft());
  });
  test("editing leaves out what the server alone says, and keeps all of the routing", () => {
    const queue: Queue = { ...draft(), id: CLIENT, revision: 3, archived: false, warnings: [] };
    expect(draftOf(queue)).toEqual(draft());
  });
  test("steps are sent in the order of their time, conditions and names without blanks around them", () => {
    const sent = toSend(
      draft(
        { name: " Billing " },
        {
          steps: [{ afterMs: 60_000 }, { afterMs: 30_000 }],
          criteria: [{ id: "a", when: " customer.known " }],
          overflow: [{ id: "b", afterMs: 0, when: " caller.withheld\n", to: { kind: "hang_up" } }],
          crossSell: { waitingAtMost: 2, when: " customer.known" },
        },
      ),
    );
    expect(sent.name).toBe("Billing");
    expect(sent.routing.steps.map(({ afterMs }) => afterMs)).toEqual([30_000, 60_000]);
    expect(sent.routing.criteria[0]?.when).toBe("customer.known");
    expect(sent.routing.overflow[0]?.when).toBe("caller.withheld");
    expect(sent.routing.crossSell).toEqual({ waitingAtMost: 2, when: "customer.known" });
  });
  test("nothing is made up for an overflow rule or a cross-sale without a condition", () => {
    const sent = toSend(
      draft({}, { overflow: [{ id: "b", afterMs: 0, to: { kind: "hang_up" } }], crossSell: {} }),
    );
    expect(sent.routing.overflow[0]).toEqual({ id: "b", afterMs: 0, to: { kind: "hang_up" } });
    expect(sent.routing.crossSell).toEqual({});
  });
});

describe("steps", () => {
  const skills = [{ skillId: SWEDISH, minLevel: 3 }];
  test("what is asked after some steps is what the last of them said of each word", () => {
    const asked = askedAfter(
      draft(
        { requiredSkills: skills },
        {
          groupIds: [NORTH],
          steps: [
            { afterMs: 1, groupIds: null },
            { afterMs: 2, skills: [] },
          ],
        },
      ),
      1,
    );
    expect(asked).toMatchObject({ skills, groupIds: [] });
  });
  test("a new step comes half a minute after the last and asks a level less", () => {
    expect(nextStep(draft({ requiredSkills: skills }))).toEqual({
      afterMs: 30_000,
      skills: [{ skillId: SWEDISH, minLevel: 2 }],
    });
    expect(nextStep(draft({ requiredSkills: skills }, { steps: [{ afterMs: 90_000 }] })).afterMs).toBe(
      120_000,
    );
  });
  test("where no level can be lowered, the new step asks any team, then raises the priority", () => {
    expect(nextStep(draft({}, { groupIds: [NORTH] }))).toEqual({ afterMs: 30_000, groupIds: null });
    expect(nextStep(draft())).toEqual({ afterMs: 30_000, raise: 10 });
    expect(lowered([{ skillId: SWEDISH, minLevel: 1 }])).toBeUndefined();
  });
  test("steps of the same time keep their order", () => {
    const steps = [{ afterMs: 5, raise: 1 }, { afterMs: 5, raise: 2 }, { afterMs: 1 }];
    expect(inOrder(steps)).toEqual([{ afterMs: 1 }, { afterMs: 5, raise: 1 }, { afterMs: 5, raise: 2 }]);
  });
});

test("a new rule gets a short name that none of the list has", () => {
  expect(freeRuleId("rule", [])).toBe("rule-1");
  expect(freeRuleId("rule", [{ id: "rule-2" }])).toBe("rule-3");
});

test.each([
  ["name", "basics"],
  ["serviceLevel.thresholdMs", "basics"],
  ["requiredSkills.0.minLevel", "who"],
  ["routing.groupIds", "who"],
  ["routing.preferredWaitMs", "who"],
  ["routing.steps.0.afterMs", "widening"],
  ["routing.criteria.2.when", "order"],
  ["routing.cost.weight", "order"],
  ["priority", "order"],
  ["routing.overflow.0.to.queueId", "overflow"],
  ["announce.everyMs", "waiting"],
  ["routing.expectedHandleMs", "waiting"],
  ["routing.callback.retryMs", "callback"],
  ["wrapUp.limitMs", "after"],
  ["routing.blend.reserve", "mixing"],
  ["routing.crossSell.when", "cross_sell"],
  [null, "who"],
] as const)("the field %s is in the section %s", (field, section) => {
  expect(sectionOf(field)).toBe(section);
});

test("a circle of overflows that is told of another queue is at the rule that leads on in it", () => {
  const finding: RoutingFinding = {
    severity: "warning",
    code: "overflow_loop",
    subject: { kind: "queue", id: NORTH, name: "Service" },
    field: "routing.overflow.5.to.queueId",
    params: { queues: "Service, Billing" },
    message: "",
  };
  const own = draft(
    {},
    {
      overflow: [
        { id: "a", afterMs: 0, to: { kind: "callback" } },
        { id: "b", afterMs: 0, to: { kind: "queue", queueId: NORTH } },
      ],
    },
  );
  expect(ownField(finding, CLIENT, own, () => "Service")).toBe("routing.overflow.1.to.queueId");
  expect(ownField(finding, NORTH, own, () => "Service")).toBe("routing.overflow.5.to.queueId");
});

test("one level of proficiency weighs as much idle time as the router says (RT75)", () => {
  expect(idlePerLevelMs(0)).toBe(0);
  expect(idlePerLevelMs(0.5)).toBe(120_000);
  expect(idlePerLevelMs(1)).toBe(Number.POSITIVE_INFINITY);
});

describe("wrap-up", () => {
  test("keeps its limit from mode to mode where there is one", () => {
    const forced = withWrapUpMode({ mode: "timed", limitMs: 15_000 }, "timed_forced");
    expect(forced).toEqual({ mode: "timed_forced", limitMs: 15_000 });
    expect(withWrapUpMode(forced, "off")).toEqual({ mode: "off" });
    expect(withWrapUpMode({ mode: "off" }, "timed")).toEqual({ mode: "timed", limitMs: 60_000 });
    expect(withWrapUpMode({ mode: "manual" }, "requested")).toEqual({ mode: "requested" });
  });
  test("only modes that can do without lose it", () => {
    expect(withLimit({ mode: "manual", limitMs: 5_000 }, undefined)).toEqual({ mode: "manual" });
    expect(withLimit({ mode: "timed", limitMs: 5_000 }, undefined)).toEqual({
      mode: "timed",
      limitMs: 5_000,
    });
  });
});
