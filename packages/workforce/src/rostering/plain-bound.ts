import type { Board } from "./board.ts";

const HOURS_A_QUARTER = 0.25;

/**
 * What a roster costs at least, in the money of the contracts, known without solving anything: each required agent-hour that
 * no standing shift covers is worked by somebody, who costs no less than the cheapest contract, or is missing. It asks for no
 * whole shifts, so it is far below what can be; a program's bound takes its place.
 */
export function plainBound({ demand, grid, fixedDuty, agents, weights }: Board): number {
  const cheapest = Math.min(
    weights.understaffingPerHour,
    ...agents.map(({ context }) => (context.contract.costPerHour ?? 1) * weights.paidHour),
  );
  let hours = 0;
  for (let quarter = 0; quarter < grid.quarters; quarter++) {
    const standing = fixedDuty.reduce((sum, row) => sum + Math.max(0, row[quarter] ?? 0), 0);
    hours += Math.max(0, demand.requiredInAll(quarter) - standing) * HOURS_A_QUARTER;
  }
  return hours * cheapest;
}
