import type { Calling, DiversionTarget } from "@svara/contracts";
import type { AgentId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { PLAIN_CALLING } from "./agent-callings.ts";
import { type DirectWorld, directGoal, goalAfter, leadsBack, type Reach } from "./direct-calls.ts";

const [anna, boris, celia] = ["anna", "boris", "celia"] as AgentId[] as [AgentId, AgentId, AgentId];
const to = (agentId: AgentId): DiversionTarget => ({ kind: "agent", agentId });

type Sketch = Partial<Calling["diversions"]> & {
  readonly disturb?: false;
  readonly reach?: Reach;
  readonly outside?: false;
};

function world(agents: Readonly<Record<string, Sketch>>): DirectWorld {
  return {
    calling: (id) => {
      const { disturb, reach: _, outside: _outside, ...diversions } = agents[id] ?? {};
      return {
        doNotDisturb: disturb === false,
        diversions: { ...PLAIN_CALLING.diversions, ...diversions },
      };
    },
    reach: (id) => agents[id]?.reach ?? "free",
    mayDivertOutside: (id) => agents[id]?.outside !== false,
    meaning: (number) =>
      number === "202" ? { kind: "agent", agentId: boris } : { kind: "number", number: `+46${number}` },
  };
}

describe("a direct call", () => {
  it("rings who is free, is refused by who is busy, away, or does not want to be disturbed", () => {
    expect(directGoal(world({}), anna)).toEqual({ kind: "ring", agentId: anna, via: [] });
    expect(directGoal(world({ anna: { reach: "busy" } }), anna)).toMatchObject({ why: "busy" });
    expect(directGoal(world({ anna: { reach: "unreachable" } }), anna)).toMatchObject({ why: "unreachable" });
    expect(directGoal(world({ anna: { disturb: false } }), anna)).toMatchObject({ why: "busy" });
  });

  it("follows the diversion of its case, always before all, and says who sent it on", () => {
    const all = world({
      anna: { always: to(boris), busy: to(celia) },
      boris: { reach: "busy", busy: to(celia) },
    });
    expect(directGoal(all, anna)).toEqual({
      kind: "ring",
      agentId: celia,
      via: [
        { agentId: anna, when: "always" },
        { agentId: boris, when: "busy" },
      ],
    });
    expect(goalAfter(world({ anna: { no_answer: to(boris) } }), anna, "no_answer", [])).toMatchObject({
      kind: "ring",
      agentId: boris,
    });
    expect(goalAfter(world({}), anna, "no_answer", [])).toBeUndefined();
  });

  it("is refused in a ring of diversions", () => {
    const ring = world({ anna: { always: to(boris) }, boris: { always: to(anna) } });
    expect(directGoal(ring, anna)).toMatchObject({ kind: "refused", why: "loop" });
    expect(
      leadsBack(world({ boris: { always: to(celia) }, celia: { always: to(anna) } }), anna, to(boris)),
    ).toBe(true);
    expect(
      leadsBack(world({ boris: { always: to(celia) }, celia: { always: to(boris) } }), anna, to(boris)),
    ).toBe(false);
    expect(leadsBack(world({}), boris, { kind: "number", number: "202" })).toBe(true);
  });

  it("goes outside only by the right of who sent it there; an extension is a colleague", () => {
    const number = (n: string): DiversionTarget => ({ kind: "number", number: n });
    expect(directGoal(world({ anna: { always: number("8123") } }), anna)).toMatchObject({
      kind: "away",
      to: { kind: "number", number: "+468123" },
    });
    expect(directGoal(world({ anna: { always: number("8123"), outside: false } }), anna)).toMatchObject({
      kind: "refused",
    });
    expect(directGoal(world({ anna: { always: number("202") } }), anna)).toMatchObject({
      kind: "ring",
      agentId: boris,
    });
  });
});
