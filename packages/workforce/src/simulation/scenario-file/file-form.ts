import { SvaraError } from "@svara/kernel";
import type { AgentConfig, QueueConfig, RouterRules } from "@svara/routing";

/** A time by chance as it stands in a scenario file: in seconds. */
export type FileDistribution =
  | { readonly kind: "deterministic"; readonly s: number }
  | { readonly kind: "exponential"; readonly meanS: number }
  | { readonly kind: "erlang"; readonly meanS: number; readonly shape: number }
  | { readonly kind: "lognormal"; readonly meanS: number; readonly scv: number }
  | {
      readonly kind: "hyperexponential";
      readonly branches: readonly { readonly probability: number; readonly meanS: number }[];
    }
  | { readonly kind: "uniform"; readonly fromS: number; readonly toS: number }
  | { readonly kind: "empirical"; readonly valuesS: readonly number[] }
  | {
      readonly kind: "survival";
      readonly atS: readonly number[];
      readonly survival: readonly number[];
      readonly tailMeanS: number | null;
    }
  | { readonly kind: "never" };

/** What comes to a queue: rates by time of day, expected contacts of each interval, or a record. */
export type FileArrivals =
  | { readonly perHour: number }
  | { readonly rates: readonly { readonly from: string; readonly perHour: number }[] }
  | { readonly contacts: readonly number[] }
  | { readonly csv: string };

/** A queue in a scenario file. */
export interface FileQueue {
  readonly id: string;
  readonly medium?: QueueConfig["media"][number];
  /** By skill, the least proficiency, 1 to 5. */
  readonly skills?: Readonly<Record<string, number>>;
  readonly priority?: number;
  /** To be answered within; 20 if absent. */
  readonly targetS?: number;
  readonly arrivals: FileArrivals;
  readonly talk: FileDistribution;
  readonly wrapUp?: FileDistribution;
  readonly patience: FileDistribution;
  readonly retrial?: {
    readonly probability: number;
    readonly delay: FileDistribution;
    readonly mostTimes?: number;
  };
  readonly callback?: {
    readonly afterS: number;
    readonly probability: number;
    readonly dial?: FileDistribution;
    readonly reached?: number;
  };
  readonly crossSell?: { readonly probability: number; readonly talk: FileDistribution };
  /** Further fields of the router's queue. */
  readonly rules?: Partial<QueueConfig>;
}

/** When agents work, by the clock of the day; an end that is not after the beginning is on the next day. */
export interface FileShift {
  readonly from: string;
  readonly to: string;
  readonly breaks?: readonly { readonly from: string; readonly to: string }[];
}

/** Agents who are alike. */
export interface FileAgents {
  /** Of one agent its id, of several the beginning of their ids; their figures stand under it. */
  readonly name: string;
  readonly count?: number;
  readonly skills?: Readonly<Record<string, number>>;
  readonly queues?: readonly string[];
  readonly slots?: AgentConfig["slots"];
  readonly shifts?: readonly FileShift[];
  /** Further fields of the router's agent. */
  readonly rules?: Partial<AgentConfig>;
}

/** Other rules from a time of day on. */
export interface FileChange {
  readonly at: string;
  readonly queues?: readonly (Partial<QueueConfig> & { readonly id: string })[];
  /** The name of agents, and what becomes of each of them. */
  readonly agents?: readonly Pick<FileAgents, "name" | "skills" | "queues" | "slots" | "rules">[];
  readonly rules?: Partial<RouterRules>;
}

/** A day to be simulated, as a file. The published form is `schemas/scenario-file.schema.json`. */
export interface ScenarioFile {
  readonly title?: string;
  /** `2026-01-05`, a Monday, if absent. */
  readonly date?: string;
  /** UTC if absent. */
  readonly timeZone?: string;
  readonly from: string;
  readonly to: string;
  /** 15 if absent. */
  readonly intervalMinutes?: number;
  /** `drain` if absent: whoever came is served. */
  readonly atClose?: "drain" | "stop";
  readonly queues: readonly FileQueue[];
  readonly agents: readonly FileAgents[];
  readonly answering?: { readonly delay: FileDistribution; readonly returnAfterS?: number };
  readonly rules?: Partial<RouterRules>;
  readonly changes?: readonly FileChange[];
}

/** What is wrong with a scenario file: the field, and the remedy. */
export function refused(field: string, message: string): SvaraError {
  return new SvaraError(`scenario: ${field || "the file"} ${message}`, {
    code: "workforce.scenario_file",
    httpStatus: 422,
    field,
  });
}
