import type { DialTrial } from "@svara/contracts";
import type { CallGate, PlannedCall } from "./call-gate.ts";
import { defaultCallerNumber } from "./caller-numbers.ts";
import type { CentreModel } from "./centre-model.ts";
import { CALL_REFUSALS } from "./dial-words.ts";

/** What would happen if somebody dialled this for the client; nothing is counted. */
export function tryNumber(gate: CallGate, model: CentreModel, asked: PlannedCall): DialTrial {
  const { clientId } = asked;
  const shown = clientId === undefined ? undefined : defaultCallerNumber(model, clientId);
  const call: PlannedCall = { callerNumber: shown, begins: true, asked: true, ...asked };
  const verdict = gate.placeCall(call);
  const { destination } = verdict;
  const ways = destination ? gate.ways(call, destination) : [];
  return {
    kind: destination?.kind ?? "none",
    e164: destination?.e164 ?? null,
    country: destination?.country ?? null,
    highCost: destination?.highCost ?? false,
    allowed: verdict.allowed,
    reason: verdict.allowed ? null : verdict.reason,
    remedy: verdict.allowed ? null : CALL_REFUSALS[verdict.reason],
    ways: ways.map(({ trunkId, number, callerNumber }) => ({
      trunkId,
      trunkName: model.trunks.get(trunkId)?.name ?? "",
      up: gate.isUp(trunkId),
      number,
      callerNumber: callerNumber ?? null,
    })),
  };
}
