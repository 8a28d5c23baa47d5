import type { Instant } from "@svara/kernel";
import type { Presence } from "@svara/routing";
import type { Shift, TimedInput } from "./scenario.ts";

const AVAILABLE: Presence = { state: "available" };
const BREAK: Presence = { state: "not_ready", reason: "break", paid: true, productive: false };

/** What the shifts tell the router from `from` on, in order of time; a shift that began before begins at `from`. */
export function shiftInputs(shifts: readonly Shift[], from: Instant): TimedInput[] {
  const inputs = shifts.flatMap((shift) => inputsOf(shift, from));
  return inputs.sort((a, b) => a.at - b.at); // the sort is stable: one agent's inputs of one instant keep their order
}

function inputsOf(shift: Shift, from: Instant): TimedInput[] {
  const { agentId, to } = shift;
  if (to !== undefined && to <= from) return [];
  const start = Math.max(from, shift.from);
  const inputs: TimedInput[] = (shift.media ?? ["voice"]).map((medium) => ({
    at: start,
    input: { type: "agent.reachable", agentId, medium, reachable: true },
  }));
  inputs.push({ at: start, input: { type: "agent.logged_in", agentId, presence: AVAILABLE } });
  for (const pause of shift.breaks ?? []) {
    if (pause.to <= start) continue;
    const presence = pause.presence ?? BREAK;
    inputs.push({
      at: Math.max(start, pause.from),
      input: { type: "agent.presence_set", agentId, presence },
    });
    if (to !== undefined && pause.to >= to) continue; // goes home from the break
    inputs.push({ at: pause.to, input: { type: "agent.presence_set", agentId, presence: AVAILABLE } });
  }
  if (to !== undefined)
    inputs.push({ at: to, input: { type: "agent.logged_out", agentId, reason: "end_shift" } });
  return inputs;
}
