import type { WorkStrategy } from "./strategy.ts";

const NOTHING: readonly number[] = [];

/** The null strategy: every queue is as good as the other, so the head with the least id goes first. */
export const anyWork: WorkStrategy = {
  name: "none",
  rankedBy: [],
  rank: () => NOTHING,
};
