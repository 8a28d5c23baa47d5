import { unreachable } from "@svara/kernel";
import { withCustomer } from "./commands.ts";
import { divert } from "./divert.ts";
import type { Refusal, VisitorInput } from "./inputs.ts";
import { takeInternal } from "./internal-transfer.ts";
import { givePart, takeParty } from "./merge.ts";
import { endMonitor, setMode, startMonitor, takeOver } from "./monitor.ts";
import { fetchParked } from "./park.ts";
import { pickUp } from "./pickup.ts";
import type { Turn } from "./turn.ts";

/** What somebody asks who is not on the contact: obeyed, or refused by a word; then nothing has changed. */
export function handleVisitor(turn: Turn, input: VisitorInput): Refusal | undefined {
  const { handlers, monitors } = turn.state;
  switch (input.type) {
    case "pickup.parked":
      return fetchParked(turn, input.agentId, input.legId);
    case "pickup":
      return pickUp(turn, input.agentId, input.of, input.legId);
    case "divert":
      return divert(turn, input.of, input.to);
    case "monitor.start":
      return startMonitor(turn, input);
    case "monitor.mode":
    case "monitor.stop": {
      const monitor = monitors[input.supervisorId];
      if (monitor === undefined) return "not_monitoring";
      if (input.type === "monitor.stop") endMonitor(turn, monitor, "supervisor");
      else setMode(turn, monitor, input.mode);
      return undefined;
    }
    case "take_over":
      return takeOver(turn, input.supervisorId);
    case "merge.take": {
      const handler = handlers[input.agentId];
      if (handler === undefined || handler.state === "wrap_up") return "not_on_contact";
      if (turn.state.side?.internal) return takeInternal(turn, handler, input);
      return withCustomer(turn, handler) ?? takeParty(turn, handler, input);
    }
    case "merge.give": {
      const handler = handlers[input.agentId];
      if (handler === undefined || handler.state === "wrap_up") return "not_on_contact";
      return givePart(turn, input);
    }
    default:
      return unreachable(input);
  }
}
