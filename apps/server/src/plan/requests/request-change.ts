import type { RosterChange, RosterShift } from "@svara/workforce/rostering";
import type { RequestRow } from "./request.repository.ts";

/** Whose shifts a request touches. */
export function concernedAgents({ agentId, colleagueId }: RequestRow): string[] {
  return colleagueId === null ? [agentId] : [agentId, colleagueId];
}

/**
 * What a request changes in a roster whose shifts are `shifts`; undefined when it does not touch it: the shifts of a swap
 * have gone, or nothing lies in the time of leave.
 */
export function changeOf(request: RequestRow, shifts: readonly RosterShift[]): RosterChange | undefined {
  const { agentId, colleagueId, mineAt, theirsAt, fromAt, toAt } = request;
  const has = (agent: string, from: number): boolean =>
    shifts.some((shift) => shift.agentId === agent && shift.from === from);
  switch (request.kind) {
    case "leave":
      return shifts.some((shift) => shift.agentId === agentId && shift.from < toAt && shift.to > fromAt)
        ? { type: "leave", agentId, from: fromAt, to: toAt }
        : undefined;
    case "swap":
      if (colleagueId === null || mineAt === null || !has(agentId, mineAt)) return undefined;
      if (theirsAt !== null && !has(colleagueId, theirsAt)) return undefined;
      return {
        type: "swap",
        mine: { agentId, from: mineAt },
        theirs: { agentId: colleagueId, ...(theirsAt !== null && { from: theirsAt }) },
      };
    case "overtime":
      return { type: "overtime", agentId, from: fromAt, to: toAt };
  }
}
