import type { ScenarioFile } from "./file-form.ts";

/** A scenario to begin with: two queues, two kinds of agents, a break, customers who try again. */
export const EXAMPLE_SCENARIO: ScenarioFile & { readonly $schema: string } = {
  $schema: "scenario-file.schema.json",
  title: "A working day of two queues",
  date: "2026-03-02",
  timeZone: "Europe/Stockholm",
  from: "08:00",
  to: "18:00",
  intervalMinutes: 15,
  queues: [
    {
      id: "support",
      skills: { support: 1 },
      targetS: 20,
      arrivals: {
        rates: [
          { from: "08:00", perHour: 70 },
          { from: "10:00", perHour: 110 },
          { from: "15:00", perHour: 80 },
          { from: "17:00", perHour: 40 },
        ],
      },
      talk: { kind: "lognormal", meanS: 240, scv: 1.2 },
      wrapUp: { kind: "exponential", meanS: 30 },
      patience: { kind: "exponential", meanS: 300 },
      retrial: { probability: 0.4, delay: { kind: "exponential", meanS: 600 }, mostTimes: 3 },
    },
    {
      id: "sales",
      skills: { sales: 1 },
      targetS: 30,
      priority: 1,
      arrivals: { perHour: 35 },
      talk: { kind: "lognormal", meanS: 320, scv: 1 },
      patience: { kind: "exponential", meanS: 120 },
      callback: { afterS: 60, probability: 0.3, reached: 0.8 },
    },
  ],
  agents: [
    {
      name: "early",
      count: 8,
      skills: { support: 3 },
      shifts: [{ from: "08:00", to: "16:00", breaks: [{ from: "11:30", to: "12:00" }] }],
    },
    {
      name: "late",
      count: 6,
      skills: { support: 3, sales: 3 },
      shifts: [{ from: "10:00", to: "18:00", breaks: [{ from: "13:30", to: "14:00" }] }],
    },
    { name: "sales", count: 3, skills: { sales: 4 }, shifts: [{ from: "08:00", to: "18:00" }] },
  ],
};
