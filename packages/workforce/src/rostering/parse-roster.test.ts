import { SvaraError } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { exampleProblem } from "./example-problem.ts";
import { LABOUR_PRESETS } from "./labour-presets.ts";
import { parseRoster, parseRosterProblem } from "./parse-roster.ts";
import { dayShift, rosterOf, smallProblem } from "./testing/small-problem.ts";

type Json = Record<string, unknown>;

/** What is said of the small problem with one change, as `field: what is wrong`. */
function said(change: (problem: ReturnType<typeof mutable>) => void): string {
  const problem = mutable();
  change(problem);
  try {
    parseRosterProblem(problem);
    return "";
  } catch (error) {
    if (!(error instanceof SvaraError)) throw error;
    expect(error.code).toBe("roster.bad_problem");
    expect(error.message).toContain(error.field ?? "");
    return error.message.replace("roster problem: ", "");
  }
}

function mutable() {
  return JSON.parse(JSON.stringify(smallProblem())) as Json & {
    patterns: [Json & { breaks: [Json] }];
    contracts: [Json];
    agents: [Json, Json];
    requirements: [Json];
    rules: Json;
  };
}

describe("a problem from a file", () => {
  test("[WF134] what is right is taken as it is; instants may be ISO 8601", () => {
    expect(parseRosterProblem(JSON.parse(JSON.stringify(smallProblem())))).toEqual(smallProblem());
    const [agent, ...rest] = mutable().agents;
    const leave = [{ from: "2027-03-01T00:00:00+01:00", to: "2027-03-02T00:00+01:00" }];
    const { agents } = parseRosterProblem({ ...mutable(), agents: [{ ...agent, leave }, ...rest] });
    expect(agents[0]?.leave).toEqual([{ from: Date.UTC(2027, 1, 28, 23), to: Date.UTC(2027, 2, 1, 23) }]);
  });

  test.each<[string, (problem: ReturnType<typeof mutable>) => void]>([
    [
      "days must be",
      (p) => {
        p.days = -1;
      },
    ],
    [
      "timeZone must be a zone such as Europe/Kyiv",
      (p) => {
        p.timeZone = "Kyiv";
      },
    ],
    [
      "from must be a date",
      (p) => {
        p.from = "2027-02-30";
      },
    ],
    [
      "patterns.0.paidMinutes must be",
      (p) => {
        p.patterns[0].paidMinutes = -480;
      },
    ],
    [
      "patterns.0.earliestStart must be a time",
      (p) => {
        p.patterns[0].earliestStart = "6 am";
      },
    ],
    [
      "patterns.0.latestStart must not be earlier",
      (p) => {
        p.patterns[0].latestStart = "05:00";
      },
    ],
    [
      "patterns.0.startEveryMinutes must be",
      (p) => {
        p.patterns[0].startEveryMinutes = 20;
      },
    ],
    [
      "patterns.0.breaks.0.latestAfterMinutes must not be less",
      (p) => {
        p.patterns[0].breaks[0].latestAfterMinutes = 0;
      },
    ],
    [
      "patterns.0.breaks let somebody work 345 minutes without a break",
      (p) => {
        p.patterns[0].breaks[0].latestAfterMinutes = 345;
      },
    ],
    [
      'contracts.0.patternIds.0 names "night"',
      (p) => {
        p.contracts[0].patternIds = ["night"];
      },
    ],
    [
      "contracts.0.weeklyMinutes.min must not be more",
      (p) => {
        p.contracts[0].weeklyMinutes = { min: 10, max: 5 };
      },
    ],
    [
      "contracts.0.weeklyMinutes.min asks for 3000",
      (p) => {
        p.contracts[0].weeklyMinutes = { min: 3000, max: 3000 };
      },
    ],
    [
      'agents.1.id "a" stands twice',
      (p) => {
        p.agents[1].id = "a";
      },
    ],
    [
      'agents.0.contractId names "none"',
      (p) => {
        p.agents[0].contractId = "none";
      },
    ],
    [
      "agents.0.leave.0.to must be later",
      (p) => {
        p.agents[0].leave = [{ from: 5, to: 5 }];
      },
    ],
    [
      "agents.0.leave.0.from must be an instant",
      (p) => {
        p.agents[0].leave = [{ from: "2027-03-01", to: 5 }];
      },
    ],
    [
      "agents.0.availability.0 must name either",
      (p) => {
        p.agents[0].availability = [{ kind: "unavailable" }];
      },
    ],
    [
      'requirements.0.skills ask for "sales"',
      (p) => {
        p.requirements[0] = { group: "g", skills: ["sales"], required: [1] };
      },
    ],
    [
      "requirements.0.required.0 must be",
      (p) => {
        p.requirements[0].required = [-1];
      },
    ],
    [
      "rules.minRestMinutes must be",
      (p) => {
        p.rules.minRestMinutes = "11 h";
      },
    ],
    [
      "requirments is not known",
      (p) => {
        p.requirments = [];
      },
    ],
  ])("[WF134] %s", (text, change) => {
    const [field = ""] = text.split(" ");
    expect(said(change)).toContain(text.includes("is not known") ? field : text);
  });

  test("[WF134] a roster file is read the same way", () => {
    const roster = rosterOf(dayShift("a", 0, 8));
    expect(parseRoster(JSON.parse(JSON.stringify(roster)))).toEqual(roster);
    expect(() => parseRoster({ ...roster, shifts: [{ ...roster.shifts[0], to: 0 }] })).toThrow(
      "shifts.0.to must be later",
    );
  });

  test("[WF134] the example is a right problem under each preset of labour rules", () => {
    for (const rules of Object.values(LABOUR_PRESETS)) {
      const problem = { ...exampleProblem({ agents: 12 }), rules };
      expect(parseRosterProblem(JSON.parse(JSON.stringify(problem)))).toEqual(problem);
    }
  });

  test("[WF134] a roster of another zone or other days than the problem's is refused", () => {
    const problem = smallProblem();
    expect(parseRoster(rosterOf(), problem)).toEqual(rosterOf());
    const other = { ...rosterOf(), timeZone: "Asia/Tokyo" };
    expect(() => parseRoster(other, problem)).toThrow(
      'roster: timeZone is "Asia/Tokyo", the problem\'s is "UTC"',
    );
    expect(() => parseRoster({ ...rosterOf(), days: 3 }, problem)).toThrow("roster: days is 3");
  });
});
