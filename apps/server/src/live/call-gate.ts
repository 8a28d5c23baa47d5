import { isOpen, localDate } from "@svara/calendar";
import type { Permission } from "@svara/contracts";
import {
  type Destination,
  type DialAlert,
  type DialAttempt,
  DialGuard,
  type DialRefusal,
  type Line,
  readDestination,
  type Way,
  waysOut,
} from "@svara/dialing";
import type { AgentId, ClientId, Clock, LegId, TrunkId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { SwitchEvent, TrunkRoute } from "@svara/telephony";
import type { CentreModel, ModelClient, ModelTrunk } from "./centre-model.ts";

/** An outbound call that somebody or something wants to make. */
export interface PlannedCall {
  /** As it was dialled. */
  readonly number: string;
  /** For whom; absent: for the first client. */
  readonly clientId?: ClientId | undefined;
  /** Whose call it is, for the limits. */
  readonly agentId?: AgentId | undefined;
  /** The agent asks for it now, and must have the right to. */
  readonly asked?: boolean | undefined;
  /** A new contact begins by it; absent or false: a contact that goes on asks for it. */
  readonly begins?: boolean | undefined;
  /** Asked for by name; otherwise every trunk that can. */
  readonly trunkId?: TrunkId | undefined;
  /** The number to show; absent: the trunk's own. */
  readonly callerNumber?: string | undefined;
}

/** Why a call may not be placed. */
export type CallRefusal = "no_lines" | "lines_full" | "not_allowed" | "malformed" | "draining" | DialRefusal;

export type Verdict =
  | {
      readonly allowed: true;
      readonly destination: Destination;
      /** The best first; the switch goes on to the next when one fails before it rings. */
      readonly routes: readonly [TrunkRoute, ...TrunkRoute[]];
    }
  | { readonly allowed: false; readonly reason: CallRefusal; readonly destination?: Destination };

/** A rule that may forbid a call; rules are asked in order, and the first word against it stands. Calls for help are not asked. */
export type CallRule = (call: PlannedCall, model: CentreModel) => CallRefusal | undefined;

export interface CallGateDeps {
  readonly clock: Clock;
  readonly model: () => CentreModel;
  /** Legs over each trunk that has any. */
  readonly legsByTrunk: () => ReadonlyMap<TrunkId, number>;
  readonly append: (draft: LedgerDraft) => void;
  /** Whether the agent still has to do with the call out that they asked for; absent: always. */
  readonly isTheirs?: (legId: LegId, agentId: AgentId) => boolean;
  /** Calls out are unusual. */
  readonly alerted: (alert: DialAlert) => void;
}

/**
 * The one gate of all outbound dialling, by whom or whatever: what a number is, whether it may be called, and over which
 * trunks. A call for help is let through whatever stands against it, and goes over any trunk that takes such calls.
 */
export class CallGate {
  readonly #deps: CallGateDeps;
  readonly #rules: readonly CallRule[];
  readonly #guard: DialGuard;
  readonly #down = new Set<TrunkId>();
  /** The trunk over which each call out goes now. */
  readonly #placed = new Map<LegId, TrunkId>();

  constructor(deps: CallGateDeps, rules: readonly CallRule[] = []) {
    this.#deps = deps;
    this.#rules = rules;
    this.#guard = new DialGuard(
      (clientId, at) => localDate(at, this.#client(clientId)?.timeZone ?? deps.model().timeZone),
      undefined,
      (legId, agentId) => deps.isTheirs?.(legId as LegId, agentId) ?? true,
    );
  }

  /** What the number is, whether it may be called now, and how. Nothing is counted. */
  placeCall(call: PlannedCall): Verdict {
    const { model } = this.#deps;
    const client = this.#client(call.clientId);
    const destination = this.destination(call.number, call.clientId);
    if (destination === undefined) return { allowed: false, reason: "malformed" };
    const help = destination.kind === "emergency";
    const reason = help ? undefined : this.#forbidden(call, destination, client);
    if (reason !== undefined) return { allowed: false, reason, destination };
    const ways = this.ways(call, destination);
    const [first, ...others] = ways;
    if (first) return { allowed: true, destination, routes: [routeOf(first), ...others.map(routeOf)] };
    return { allowed: false, reason: this.#whyNone(call, client, model()), destination };
  }

  /** What somebody dialled for this client; undefined for what is no number. */
  destination(number: string, clientId?: ClientId): Destination | undefined {
    const client = this.#client(clientId);
    const outsidePrefix = client?.dialing.outsidePrefix;
    return readDestination(number, {
      country: client?.country ?? "",
      ...(outsidePrefix ? { outsidePrefix } : {}),
    });
  }

  /** Whether these digits call for help, for any client. */
  isEmergency(number: string): boolean {
    return [...this.#deps.model().clients.keys()].some(
      (clientId) => this.destination(number, clientId)?.kind === "emergency",
    );
  }

  /** The trunks over which the call may go, the best first. */
  ways(call: PlannedCall, destination: Destination): readonly Way[] {
    const { model, legsByTrunk, clock } = this.#deps;
    const client = this.#client(call.clientId);
    const calls = legsByTrunk();
    const help = destination.kind === "emergency";
    const at = clock.now();
    const lines = [...model().trunks.values()]
      .filter((trunk) => help || call.trunkId === undefined || trunk.trunkId === call.trunkId)
      .filter(
        ({ trunkId }) => help || !client || !this.#guard.trunkSpent(trunkId, client.id, client.dialing, at),
      )
      .flatMap((trunk) => this.#line(trunk, calls.get(trunk.trunkId) ?? 0));
    const { callerNumber } = call;
    return waysOut(
      destination,
      lines,
      callerNumber === undefined ? {} : { number: callerNumber },
      client?.country ?? "",
    );
  }

  isUp(trunkId: TrunkId): boolean {
    return !this.#down.has(trunkId);
  }

  /** The call goes to the switch now, over the first of its routes. */
  begun(legId: LegId, call: PlannedCall, { destination, routes }: Extract<Verdict, { allowed: true }>): void {
    const { clock, append } = this.#deps;
    const attempt = this.#attempt(call, destination);
    const { trunkId } = routes[0];
    if (!attempt) return;
    const at = clock.now();
    this.#placed.set(legId, trunkId);
    const alerts = this.#guard.begun(legId, attempt, {
      trunkId,
      at,
      closed: this.#isClosed(attempt.clientId),
    });
    const { kind, country } = destination;
    append({
      type: "call.placed",
      at,
      ...whose(attempt),
      payload: {
        destination: kind,
        ...(country === undefined ? {} : { country: country.toLowerCase() }),
        trunkId,
      },
    });
    for (const alert of alerts) this.#tell(alert);
  }

  /** The call never came to the switch, or its leg has ended. */
  ended(legId: LegId): void {
    if (this.#placed.delete(legId)) this.#guard.ended(legId);
  }

  /** Somebody's call was refused; many of them are told. */
  turnedAway(call: PlannedCall, destination: Destination | undefined): void {
    const attempt = destination && this.#attempt(call, destination);
    if (!attempt) return;
    for (const alert of this.#guard.turnedAway(attempt, this.#deps.clock.now())) this.#tell(alert);
  }

  /** Calls of today as the ledger knows them, after a restart. */
  restore(calls: Parameters<DialGuard["restore"]>[0]): void {
    this.#guard.restore(calls);
  }

  /** Trunks that come and go, and calls that end or go on over another trunk. */
  follow(event: SwitchEvent): void {
    switch (event.type) {
      case "trunk.up":
        this.#down.delete(event.trunkId);
        return;
      case "trunk.down":
        this.#down.add(event.trunkId);
        return;
      case "leg.routed": {
        const before = this.#placed.get(event.legId);
        if (before === undefined || before === event.trunkId) return;
        this.#placed.set(event.legId, event.trunkId);
        this.#guard.rerouted(event.legId, event.trunkId, event.at);
        return;
      }
      case "leg.ended":
        return this.ended(event.legId);
    }
  }

  #forbidden(
    call: PlannedCall,
    destination: Destination,
    client: ModelClient | undefined,
  ): CallRefusal | undefined {
    const { model, clock } = this.#deps;
    for (const rule of this.#rules) {
      const reason = rule(call, model());
      if (reason) return reason;
    }
    const attempt = this.#attempt(call, destination);
    return attempt && client && this.#guard.refusal(attempt, client.dialing, clock.now());
  }

  #whyNone(call: PlannedCall, client: ModelClient | undefined, model: CentreModel): CallRefusal {
    const lines = [...model.trunks.values()].filter(
      (trunk) => trunk.peer && trunk.line && (call.trunkId === undefined || trunk.trunkId === call.trunkId),
    );
    if (lines.length === 0) return "no_lines";
    const at = this.#deps.clock.now();
    const calls = this.#deps.legsByTrunk();
    if (
      client &&
      lines.every(({ trunkId }) => this.#guard.trunkSpent(trunkId, client.id, client.dialing, at))
    )
      return "trunk_per_day";
    return lines.some((trunk) => (calls.get(trunk.trunkId) ?? 0) >= trunk.maxCalls)
      ? "lines_full"
      : "no_lines";
  }

  #line(
    { trunkId, peer, line, callerNumber, maxCalls, country }: ModelTrunk,
    calls: number,
  ): readonly Line[] {
    if (!peer || !line) return [];
    return [{ ...line, trunkId, up: this.isUp(trunkId), calls, maxCalls, country, number: callerNumber }];
  }

  #attempt({ agentId, asked, clientId }: PlannedCall, destination: Destination): DialAttempt | undefined {
    const client = this.#client(clientId);
    if (!client) return undefined;
    const rights =
      asked && agentId !== undefined ? this.#deps.model().agents.get(agentId)?.rights : undefined;
    // a role held in a team or a site, too, lets one call for the clients whom one works for
    const may = (permission: Permission): boolean => {
      const reach = rights?.clientsOf(permission) ?? [];
      return rights?.has(permission) === true && (reach === "all" || reach.includes(client.id));
    };
    return {
      destination,
      clientId: client.id,
      country: client.country,
      ...(agentId === undefined ? {} : { agentId }),
      ...(rights === undefined
        ? {}
        : {
            rights: {
              out: may("desk.dial_out"),
              abroad: may("dial.abroad"),
              highCost: may("dial.high_cost"),
            },
          }),
    };
  }

  #client(clientId: ClientId | undefined): ModelClient | undefined {
    const { clients } = this.#deps.model();
    return clientId === undefined ? clients.values().next().value : clients.get(clientId);
  }

  /** Every entry point of the client has hours, and none is open. */
  #isClosed(clientId: ClientId): boolean {
    const { entryPoints, hours } = this.#deps.model();
    const own = [...entryPoints.values()].filter((entryPoint) => entryPoint.clientId === clientId);
    const at = this.#deps.clock.now();
    return (
      own.length > 0 &&
      own.every(({ form }) => {
        const open = form.hoursId === undefined ? undefined : hours.get(form.hoursId);
        return open !== undefined && !isOpen(open, at);
      })
    );
  }

  #tell(alert: DialAlert): void {
    const { kind, count, at } = alert;
    this.#deps.append({ type: "dial.alerted", at, ...whose(alert), payload: { kind, count } });
    this.#deps.alerted(alert);
  }
}

function routeOf({ trunkId, number, callerNumber }: Way): TrunkRoute {
  return { trunkId, number, ...(callerNumber === undefined ? {} : { callerNumber }) };
}

function whose({ clientId, agentId }: Pick<DialAttempt, "clientId" | "agentId">): {
  clientId: ClientId;
  agentId?: AgentId;
} {
  return { clientId, ...(agentId === undefined ? {} : { agentId }) };
}
