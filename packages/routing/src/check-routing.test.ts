import { describe, expect, test } from "vitest";
import { checkRouting } from "./check-routing.ts";
import type { RoutingPlan } from "./checks/plan.ts";
import type { AgentConfig, QueueConfig } from "./model.ts";
import { agentConfig, queueConfig } from "./testing/floor-driver.ts";

/** What is found, as `severity code path params`, for one queue `q` served by one agent without anything. */
function found(
  over: Partial<QueueConfig>,
  plan: Partial<RoutingPlan> = {},
  agents: readonly AgentConfig[] = [agentConfig("a")],
): string[] {
  return told({ queues: [queueConfig("q", over), ...(plan.queues ?? [])], agents, ...rest(plan) });
}

function rest({ queues: _queues, ...others }: Partial<RoutingPlan>): Partial<RoutingPlan> {
  return others;
}

function told(plan: RoutingPlan): string[] {
  return checkRouting(plan).map(({ severity, code, subject, path, params }) =>
    [severity, code, `${subject.id}:${path}`, JSON.stringify(params)].join(" "),
  );
}

/** The codes found in whatever subject. */
function codes(...of: Parameters<typeof found>): string[] {
  return found(...of).map((line) => line.split(" ")[1] ?? "");
}

const away = { kind: "voicemail" } as const;

describe("who can serve", () => {
  test("[RT93] nothing is wrong with a queue that somebody can serve", () => {
    expect(found({})).toEqual([]);
  });

  test("[RT93] each word that nobody meets is named, with the best that there is", () => {
    const agents = [agentConfig("a", { skills: { sv: 3 }, tiers: [1], siteId: "north", groups: ["sales"] })];
    expect(
      found(
        {
          media: ["voice", "fax"],
          requiredSkills: [
            { skillId: "sv", minProficiency: 4 },
            { skillId: "uk", minProficiency: 1 },
          ],
          tiers: [2],
          sites: ["south"],
          groups: ["support"],
        },
        {},
        agents,
      ).slice(0, 6),
    ).toEqual([
      'error nobody_has_skill q:requiredSkills.sv {"skillId":"sv","minProficiency":4,"best":3}',
      'error nobody_has_skill q:requiredSkills.uk {"skillId":"uk","minProficiency":1,"best":0}',
      'error nobody_in_groups q:groups {"groups":["support"]}',
      'error nobody_at_sites q:sites {"sites":["south"]}',
      'error nobody_in_tiers q:tiers {"tiers":[2]}',
      'error nobody_has_slots q:media {"medium":"fax"}',
    ]);
    expect(found({}, {}, [agentConfig("a", { queueIds: ["other"] })])[0]).toBe(
      "error nobody_is_assigned q: {}",
    );
    expect(codes({}, {}, [])).toEqual(["nobody_has_slots", "nobody_is_assigned"]);
    expect(codes({ media: [] })).toContain("queue_without_media");
  });

  test("[RT93] words that exclude each other are told with those of which one could be left out", () => {
    const agents = [
      agentConfig("a", { skills: { sv: 5 }, tiers: [1] }),
      agentConfig("b", { skills: { uk: 5 }, tiers: [2] }),
    ];
    expect(found({ requiredSkills: [{ skillId: "sv", minProficiency: 2 }], tiers: [2] }, {}, agents)[0]).toBe(
      'error nobody_meets_all q: {"medium":"voice","without":["skills","tiers"]}',
    );
  });

  test("[RT93] a queue that somebody serves only after a step is told so", () => {
    expect(
      found({
        requiredSkills: [{ skillId: "sv", minProficiency: 1 }],
        steps: [{ afterMs: 30_000, skills: [] }],
      }),
    ).toEqual(['warning served_from_step_on q:steps.0 {"step":1,"medium":"voice","afterMs":30000}']);
    // where no step helps, the last one is blamed for what it asks
    expect(
      found({ steps: [{ afterMs: 30_000, skills: [{ skillId: "sv", minProficiency: 1 }] }], tiers: [3] })[0],
    ).toBe('error nobody_has_skill q:steps.0.skills.sv {"skillId":"sv","minProficiency":1,"best":0}');
    expect(codes({ preferredSkills: ["sv"] })).toEqual(["preferred_skill_of_nobody"]);
  });
});

describe("steps", () => {
  test("[RT94] steps out of order, without effect, and for nobody", () => {
    expect(
      found({
        steps: [
          { afterMs: 60_000, tiers: [3] },
          { afterMs: 30_000, tiers: null },
          { afterMs: 40_000, raise: 1 },
        ],
      }),
    ).toEqual([
      'warning step_out_of_order q:steps.1.afterMs {"step":1,"afterMs":30000}',
      'warning step_changes_nothing q:steps.1 {"step":1}',
      'warning step_nobody_serves q:steps.0 {"step":3,"medium":"voice"}',
    ]);
  });

  test("[RT94] a step after everybody was taken away is never reached", () => {
    const overflow = [{ id: "v", afterMs: 60_000, to: away }];
    expect(found({ overflow, steps: [{ afterMs: 60_000, raise: 1 }] })).toEqual([
      'warning step_never_reached q:steps.0.afterMs {"step":1,"rule":"v","afterMs":60000}',
    ]);
    expect(found({ overflow, steps: [{ afterMs: 59_999, raise: 1 }] })).toEqual([]);
    expect(
      found({
        overflow: [{ id: "v", afterMs: 0, noAgents: true, to: away }],
        steps: [{ afterMs: 1, raise: 1 }],
      }),
    ).toEqual([]);
  });
});

describe("criteria and expressions", () => {
  const facts = { "customer.type": { oneOf: ["gold", "plain"] }, "contacts.last30": "number" } as const;

  test("[RT95] an expression that does not parse, or names what nobody knows, is told with its place", () => {
    const criteria = [
      { id: "a", when: "customer.type ==", raise: 1 },
      { id: "b", when: 'customer.tipe == "gold"', raise: 1 },
      { id: "c", when: 'customer.type == "gold" && contacts.last30 > 3', raise: 1 },
    ];
    const [first, second, ...others] = found({ criteria }, { facts });
    expect(first).toMatch(/^error bad_expression q:criteria.0.when .*"problem":"unexpected_end"/);
    expect(second).toMatch(/^error bad_expression q:criteria.1.when .*"suggestion":"customer.type"/);
    expect(others).toEqual([]);
    expect(found({ criteria: criteria.slice(1) })).toEqual([]); // facts are open where none are told
    const overflow = [{ id: "v", afterMs: 9, when: "1 +", to: away }];
    expect(found({ overflow, crossSell: { when: ")" } }).map((line) => line.split(" ")[2])).toEqual([
      "q:overflow.0.when",
      "q:crossSell.when",
    ]);
  });

  test("[RT95] a criterion that does nothing, and one after which nobody can serve", () => {
    const criteria = [
      { id: "a", when: "true" },
      { id: "b", when: "true", requiredSkills: [{ skillId: "sv", minProficiency: 1 }] },
    ];
    expect(found({ criteria })).toEqual([
      'warning criterion_does_nothing q:criteria.0 {"criterion":"a"}',
      'error criterion_nobody_serves q:criteria.1 {"criterion":"b","medium":"voice"}',
    ]);
    expect(codes({ criteria, steps: [{ afterMs: 1, skills: [] }] })).not.toContain("criterion_nobody_serves");
  });
});

describe("overflow", () => {
  const to = (queueId: string) => ({ kind: "queue", queueId }) as const;

  test("[RT96] a target that is not there, is itself, or is served by nobody", () => {
    const overflow = ["gone", "q", "empty"].map((id) => ({ id, afterMs: 1, lengthOver: 5, to: to(id) }));
    const empty = queueConfig("empty", { tiers: [4] });
    expect(found({ overflow }, { queues: [empty] }).slice(0, 3)).toEqual([
      'error overflow_queue_missing q:overflow.0.to.queueId {"rule":"gone","queueId":"gone"}',
      'error overflow_to_itself q:overflow.1.to.queueId {"rule":"q"}',
      'error overflow_nobody_serves q:overflow.2.to.queueId {"rule":"empty","queueId":"empty","medium":"voice"}',
    ]);
    expect(found({ overflow: [{ id: "s", afterMs: 1, to: { kind: "sites", siteIds: ["x"] } }] })).toEqual([
      'error overflow_sites_nobody_serves q:overflow.0.to.siteIds {"rule":"s","sites":["x"],"medium":"voice"}',
    ]);
  });

  test("[RT96] a loop is told once, from its least queue, along the shortest way", () => {
    const queue = (id: string, ...targets: string[]) =>
      queueConfig(id, {
        overflow: targets.map((target) => ({ id: target, afterMs: 1, lengthOver: 1, to: to(target) })),
      });
    const queues = [queue("d", "a"), queue("c", "d", "a"), queue("b", "c"), queue("a", "b"), queue("e", "a")];
    expect(told({ queues, agents: [agentConfig("x")] })).toEqual([
      'warning overflow_loop a:overflow.0.to.queueId {"queueIds":["a","b","c"]}',
    ]);
  });

  test("[RT96] a rule that always applies at once, and the rules that it leaves nothing to", () => {
    const overflow = [
      { id: "late", afterMs: 5, to: away },
      { id: "now", afterMs: 0, to: away },
      { id: "too", afterMs: 0, lengthOver: 1, to: away },
    ];
    expect(found({ overflow })).toEqual([
      'warning overflow_never_reached q:overflow.0 {"rule":"late","before":"now"}',
      'warning overflow_always_at_once q:overflow.1 {"rule":"now"}',
      'warning overflow_never_reached q:overflow.2 {"rule":"too","before":"now"}',
    ]);
    const stays = [
      { id: "m", afterMs: 0, to: { kind: "message", promptId: null, leaves: false } } as const,
      { id: "v", afterMs: 9, to: away },
    ];
    expect(found({ overflow: stays })).toEqual([]);
  });

  test("[RT96] closed without hours, a call-back without policy, a wait for the agent beyond the first way out", () => {
    expect(found({ overflow: [{ id: "c", afterMs: 0, closed: true, to: away }] })).toEqual([
      'warning overflow_closed_without_hours q:overflow.0.closed {"rule":"c"}',
    ]);
    const callback = { maxAttempts: 2, retryMs: 1, attemptLeaseMs: 1 };
    const overflow = [{ id: "c", afterMs: 9, to: { kind: "callback" } as const }];
    expect(codes({ overflow })).toEqual(["callback_without_policy"]);
    expect(codes({ overflow, callback })).toEqual([]);
    expect(found({ preferredWaitMs: 9, overflow: [{ id: "v", afterMs: 9, to: away }] })).toEqual([
      'warning preferred_wait_too_long q:preferredWaitMs {"rule":"v","preferredWaitMs":9,"afterMs":9}',
    ]);
  });
});

describe("blending", () => {
  const staff = ["a", "b", "c"].map((id) => agentConfig(id));
  const inbound = queueConfig("in");

  test("[RT97] blending that protects nothing, or holds nothing back", () => {
    const work = { work: "outbound" } as const;
    expect(codes({ ...work, blend: { reserve: 1 } })).toEqual(["blend_protects_nothing"]);
    expect(codes({ ...work, blend: { reserve: 1, protects: ["gone"] } }, {}, staff)).toEqual([
      "blend_queue_missing",
      "blend_protects_nothing",
    ]);
    expect(codes({ ...work, blend: {} }, { queues: [inbound] }, staff)).toEqual(["blend_without_threshold"]);
    expect(codes({ ...work, blend: { reserve: 1, protects: ["q"] } }, {}, staff)).toEqual([
      "blend_protects_itself",
    ]);
  });

  test("[RT97] a reserve that can never be left over", () => {
    const blended = (reserve: number, agents: readonly AgentConfig[]) =>
      found({ work: "back_office", blend: { reserve } }, { queues: [inbound] }, agents);
    expect(blended(2, staff)).toEqual([]);
    expect(blended(3, staff)).toEqual([
      'error blend_reserve_too_great q:blend.reserve {"reserve":3,"agents":2}',
    ]);
    // one who serves this queue alone takes nobody from the reserve
    expect(blended(3, [...staff, agentConfig("d", { queueIds: ["q"] })])).toEqual([]);
  });
});

describe("agents", () => {
  const alone = (over: Partial<AgentConfig>, queue: Partial<QueueConfig> = {}) =>
    found(queue, {}, [agentConfig("a"), agentConfig("b", over)]);

  test("[RT98] an agent who can serve nothing, in whatever way", () => {
    expect(alone({ slots: {} })).toEqual(["error agent_without_slots b:slots {}"]);
    expect(alone({ slots: { fax: 1 } })).toEqual(["warning agent_serves_nothing b: {}"]);
    expect(alone({ tiers: [2] }, { tiers: [1] })).toEqual([]); // by escalation
    expect(alone({ slots: { fax: 1 }, pickQueueIds: ["q"] })).toEqual([]);
    const overflow = [{ id: "s", afterMs: 9, to: { kind: "sites", siteIds: ["x"] } as const }];
    const agents = [agentConfig("a", { siteId: "y" }), agentConfig("b", { siteId: "x" })];
    expect(found({ sites: ["y"], overflow }, {}, agents)).toEqual([]);
    expect(found({ sites: ["y"] }, {}, agents)).toEqual(["warning agent_serves_nothing b: {}"]);
  });

  test("[RT98] queues that are not there, and rules for media without slots", () => {
    expect(alone({ queueIds: ["q", "gone"], pickQueueIds: ["lost"] })).toEqual([
      'warning agent_queue_missing b:queueIds.1 {"queueId":"gone"}',
      'warning agent_queue_missing b:pickQueueIds.0 {"queueId":"lost"}',
    ]);
    expect(
      alone({ capacity: { apart: [["voice", "chat"]], interrupts: { voice: ["voice", "email"] } } }),
    ).toEqual([
      'warning agent_capacity_without_slots b:capacity.apart.0 {"medium":"chat"}',
      'warning agent_capacity_without_slots b:capacity.interrupts.voice {"medium":"email"}',
      'warning agent_interrupts_itself b:capacity.interrupts.voice {"medium":"voice"}',
    ]);
  });
});

describe("figures", () => {
  test("[RT99] figures that cannot be", () => {
    expect(
      found({
        ringTimeoutMs: 0,
        qualityWeight: 1.5,
        requiredSkills: [{ skillId: "sv", minProficiency: 6 }],
        overflow: [{ id: "v", afterMs: -1, everyMs: 0, noAgents: true, to: away }],
      })
        .filter((line) => line.includes("out_of_range"))
        .map((line) => line.slice(line.indexOf("q:"))),
    ).toEqual([
      'q:ringTimeoutMs {"value":0,"least":1,"most":null}',
      'q:qualityWeight {"value":1.5,"least":0,"most":1}',
      'q:requiredSkills.0.minProficiency {"value":6,"least":1,"most":5}',
      'q:overflow.0.afterMs {"value":-1,"least":0,"most":null}',
      'q:overflow.0.everyMs {"value":0,"least":1,"most":null}',
    ]);
    expect(found({}, { rules: { missesAllowed: 0 } })).toEqual([
      'error out_of_range :missesAllowed {"value":0,"least":1,"most":null}',
    ]);
    expect(codes({}, {}, [agentConfig("a", { skills: { sv: 7 } })])).toEqual(["out_of_range"]);
  });

  test("[RT99] figures that defeat what they stand for", () => {
    expect(found({ wrapUp: { mode: "timed", limitMs: 900_001 } })).toEqual([
      'warning wrap_up_limit_long q:wrapUp.limitMs {"limitMs":900001,"mostMs":900000}',
    ]);
    expect(codes({ wrapUp: { mode: "timed", limitMs: 0 } })).toEqual(["out_of_range"]);
    expect(codes({ ageing: { everyMs: 1000, by: 0, most: 5 } })).toEqual(["ageing_does_nothing"]);
    expect(codes({ share: 0 })).toEqual([]);
    expect(codes({ share: 0 }, { rules: { workStrategy: "fqr" } })).toEqual(["share_is_zero"]);
    const cost = { weight: 0, grows: "constant" } as const;
    expect(codes({ cost }, { rules: { workStrategy: "gcmu" } })).toEqual(["cost_is_zero"]);
  });

  test("[RT99] the same id twice, and hours that are none", () => {
    const twice = [
      { id: "v", afterMs: 1, lengthOver: 3, to: away },
      { id: "v", afterMs: 2, lengthOver: 2, to: away },
    ];
    expect(found({ overflow: twice })).toEqual(['error duplicate_id q:overflow.1.id {"id":"v"}']);
    expect(codes({}, { queues: [queueConfig("q")] })).toEqual(["duplicate_id"]);
    expect(codes({}, {}, [agentConfig("a"), agentConfig("a")])).toEqual(["duplicate_id"]);
    expect(found({ hours: { timeZone: "Mars/Olympus", weekly: {} } })).toEqual([
      'error bad_hours q:hours.timeZone {"problem":"unknown_time_zone","at":"timeZone"}',
    ]);
  });
});
