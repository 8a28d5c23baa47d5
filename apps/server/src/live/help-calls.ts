import type { BridgeId, ClientId, Ids, LegId } from "@svara/kernel";
import type { Switch, SwitchEvent } from "@svara/telephony";
import type { CallGate } from "./call-gate.ts";

export interface HelpCallsDeps {
  readonly switch: Switch;
  readonly ids: Ids;
  readonly gate: CallGate;
  /** Sends a command; a refusal is told to the log. */
  readonly send: (command: () => Promise<void>) => void;
  readonly warn: (message: string, detail: object) => void;
  /** A call is over. */
  readonly over: () => void;
}

type Incoming = Extract<SwitchEvent, { type: "leg.incoming" }>;

interface HelpCall {
  readonly phone: LegId;
  readonly out: LegId;
  readonly bridgeId: BridgeId;
}

/** No network lets a call for help ring longer. */
const RING_TIMEOUT_MS = 180_000;

/**
 * Calls for help from phones at which nobody works: the phone and the trunk are put together, whatever else goes on. There
 * is no contact, since there is no agent whose work it were; the ledger tells that it was placed.
 */
export class HelpCalls {
  readonly #deps: HelpCallsDeps;
  readonly #calls = new Map<LegId, HelpCall>();

  constructor(deps: HelpCallsDeps) {
    this.#deps = deps;
  }

  /** Legs of calls that go on. */
  get size(): number {
    return this.#calls.size;
  }

  /** False: no trunk takes calls for help. */
  begin({ legId: phone, calledNumber: number }: Incoming, clientId: ClientId): boolean {
    const { gate, ids, switch: sw, warn } = this.#deps;
    const planned = { number, clientId };
    const verdict = gate.placeCall(planned);
    if (!verdict.allowed) return false;
    const call: HelpCall = { phone, out: ids.next() as LegId, bridgeId: ids.next() as BridgeId };
    this.#calls.set(phone, call);
    this.#calls.set(call.out, call);
    gate.begun(call.out, planned, verdict);
    warn("a call for help", { phone });
    this.#send(() => sw.ring(phone));
    const target = { kind: "number" as const, routes: verdict.routes };
    sw.originate({ legId: call.out, target, ringTimeoutMs: RING_TIMEOUT_MS, near: phone }).catch(
      (error: unknown) => {
        warn("a call for help was not placed", { error: String(error) });
        this.#over(call, call.out);
      },
    );
    return true;
  }

  /** Whether the event was about a call of ours. */
  follow(event: SwitchEvent): boolean {
    if (!("legId" in event)) return false;
    const call = this.#calls.get(event.legId);
    if (!call) return false;
    const { switch: sw } = this.#deps;
    if (event.type === "leg.answered" && event.legId === call.out) this.#send(() => sw.answer(call.phone));
    if (event.type === "leg.answered" && event.legId === call.phone) this.#send(() => this.#together(call));
    if (event.type === "leg.ended") this.#over(call, event.legId);
    return true;
  }

  async #together({ bridgeId, phone, out }: HelpCall): Promise<void> {
    const { switch: sw } = this.#deps;
    await sw.createBridge(bridgeId);
    await sw.join(bridgeId, phone);
    await sw.join(bridgeId, out);
  }

  /** One of the two has ended: the other has nobody to talk to. */
  #over(call: HelpCall, ended: LegId): void {
    const { gate, switch: sw } = this.#deps;
    if (!this.#calls.delete(ended)) return;
    if (ended === call.out) gate.ended(call.out);
    const other = ended === call.phone ? call.out : call.phone;
    if (this.#calls.has(other)) this.#send(() => sw.hangup(other, "normal"));
    else {
      this.#send(() => sw.destroyBridge(call.bridgeId));
      this.#deps.over();
    }
  }

  #send(command: () => Promise<void>): void {
    this.#deps.send(command);
  }
}
