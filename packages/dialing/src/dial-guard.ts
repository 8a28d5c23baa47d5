import type { AgentId, ClientId, Instant, TrunkId } from "@svara/kernel";
import type { Destination } from "./destination.ts";

/** What may be called, for one client. Everything that is not allowed is refused. */
export interface DialRules {
  /** Countries beside the client's own: ISO 3166-1 alpha-2, or all. */
  readonly countries: readonly string[] | "all";
  /** Premium, shared cost, satellites, short codes but free ones. */
  readonly highCost: boolean;
  /** E.164 beginnings, or those of short codes, that are never called, the most precise of allowed and blocked decides. */
  readonly blocked: readonly string[];
  /** E.164 beginnings that are called though a country or their cost forbids it. */
  readonly allowed: readonly string[];
  readonly limits: DialLimits;
}

/** Counted over all calls out, by whom or whatever they are made. */
export interface DialLimits {
  readonly agentAtOnce: number;
  readonly agentPerDay: number;
  readonly agentAbroadPerDay: number;
  readonly trunkPerDay: number;
  readonly clientAtOnce: number;
  readonly clientAbroadPerDay: number;
}

/** Destinations whose carriers share revenue with who brings calls, so that stolen accounts call them; a centre that has customers there allows them. */
export const DEFAULT_BLOCKED: readonly string[] = [
  "+2161", // premium ranges of Tunisia
  "+252", // Somalia
  "+53", // Cuba
  "+220", // the Gambia
  "+224", // Guinea
  "+232", // Sierra Leone
  "+239", // São Tomé and Príncipe
  "+245", // Guinea-Bissau
  "+263", // Zimbabwe
  "+269", // Comoros
  "+371781", // premium ranges of Latvia
  "+500", // Falkland Islands
  "+675", // Papua New Guinea
  "+677", // Solomon Islands
  "+678", // Vanuatu
  "+685", // Samoa
  "+686", // Kiribati
  "+688", // Tuvalu
  "+960", // Maldives
];

export const DEFAULT_DIAL_RULES: DialRules = {
  countries: [],
  highCost: false,
  blocked: DEFAULT_BLOCKED,
  allowed: [],
  limits: {
    agentAtOnce: 3, // a call, a consultation, a conference's third
    agentPerDay: 500,
    agentAbroadPerDay: 50,
    trunkPerDay: 100_000,
    clientAtOnce: 1_000,
    clientAbroadPerDay: 1_000,
  },
};

/** What a role adds to or takes from the client's rules. */
export interface DialRights {
  readonly out: boolean;
  readonly abroad: boolean;
  readonly highCost: boolean;
}

/** Why a call is refused. */
export type DialRefusal =
  | "no_right"
  | "no_right_abroad"
  | "country"
  | "high_cost"
  | "blocked_prefix"
  | "agent_at_once"
  | "agent_per_day"
  | "agent_abroad_per_day"
  | "client_at_once"
  | "client_abroad_per_day"
  | "trunk_per_day";

export interface DialAttempt {
  readonly destination: Destination;
  readonly clientId: ClientId;
  /** Absent: nobody, such as a call-back that the router makes. */
  readonly agentId?: AgentId;
  /** Absent: not asked of a person, who has no rights then. */
  readonly rights?: DialRights;
  /** The client's own country. */
  readonly country: string;
}

/** An unusual pattern; told once an hour for each kind and agent. */
export interface DialAlert {
  readonly kind: "many_abroad" | "many_refused" | "abroad_when_closed";
  readonly at: Instant;
  readonly clientId: ClientId;
  readonly agentId?: AgentId;
  readonly count: number;
}

export interface DialAlertLimits {
  /** Calls abroad of one agent within ten minutes. */
  readonly abroad: number;
  /** Refused attempts of one agent within ten minutes. */
  readonly refused: number;
}

const WINDOW_MS = 600_000;
const ALERT_PAUSE_MS = 3_600_000;
const DEFAULT_ALERT_LIMITS: DialAlertLimits = { abroad: 6, refused: 10 };

interface Tally {
  readonly day: string;
  calls: number;
  abroad: number;
}

interface Running {
  readonly clientId: ClientId;
  readonly agentId: AgentId | undefined;
}

/**
 * Keeps toll fraud small: a stolen password calls no satellite, no premium number and not all night. Counts what runs and
 * what was called today; calls for help are always let through and never counted against anybody.
 */
export class DialGuard {
  readonly #dayOf: (clientId: ClientId, at: Instant) => string;
  readonly #alertLimits: DialAlertLimits;
  readonly #isTheirs: (id: string, agentId: AgentId) => boolean;
  readonly #running = new Map<string, Running>();
  readonly #agents = new Map<AgentId, Tally[]>();
  readonly #clients = new Map<ClientId, Tally[]>();
  readonly #trunks = new Map<TrunkId, Tally[]>();
  readonly #abroad = new Map<string, Instant[]>();
  readonly #refused = new Map<string, Instant[]>();
  readonly #alerted = new Map<string, Instant>();

  /**
   * `dayOf` names the client's calendar day of an instant; `isTheirs`: whether a running call is still its agent's, who may
   * have handed it on.
   */
  constructor(
    dayOf: (clientId: ClientId, at: Instant) => string,
    alertLimits: DialAlertLimits = DEFAULT_ALERT_LIMITS,
    isTheirs: (id: string, agentId: AgentId) => boolean = () => true,
  ) {
    this.#dayOf = dayOf;
    this.#alertLimits = alertLimits;
    this.#isTheirs = isTheirs;
  }

  /** Why the call may not be made; undefined when it may. Nothing is counted. */
  refusal(attempt: DialAttempt, rules: DialRules, at: Instant): DialRefusal | undefined {
    const { destination, rights } = attempt;
    if (destination.kind === "emergency") return undefined;
    return (
      refusedByRights(destination, rights) ??
      refusedByRules(destination, rules, attempt.country, rights) ??
      this.#refusedByCount(attempt, rules.limits, at)
    );
  }

  /** Whether this trunk has carried its share of the day. */
  trunkSpent(trunkId: TrunkId, clientId: ClientId, rules: DialRules, at: Instant): boolean {
    return tally(this.#trunks, trunkId, this.#dayOf(clientId, at)).calls >= rules.limits.trunkPerDay;
  }

  /** A call goes out; `id` names it until `ended`. Returns what is unusual about it. */
  begun(
    id: string,
    attempt: DialAttempt,
    context: { readonly trunkId: TrunkId; readonly at: Instant; readonly closed: boolean },
  ): readonly DialAlert[] {
    const { clientId, agentId, destination } = attempt;
    const { trunkId, at, closed } = context;
    this.#running.set(id, { clientId, agentId });
    if (destination.kind === "emergency") return [];
    const day = this.#dayOf(clientId, at);
    const abroad = isAbroad(destination);
    const tallies = [tally(this.#clients, clientId, day), tally(this.#trunks, trunkId, day)];
    if (agentId !== undefined) tallies.push(tally(this.#agents, agentId, day));
    for (const one of tallies) {
      one.calls++;
      if (abroad) one.abroad++;
    }
    if (!abroad) return [];
    const who = agentId ?? clientId;
    const lately = within(this.#abroad, who, at);
    return [
      ...this.#alert("many_abroad", attempt, at, lately, lately > this.#alertLimits.abroad),
      ...this.#alert("abroad_when_closed", attempt, at, 1, closed),
    ];
  }

  /** It goes on over another trunk, since the first did not take it. */
  rerouted(id: string, trunkId: TrunkId, at: Instant): void {
    const call = this.#running.get(id);
    if (call !== undefined) tally(this.#trunks, trunkId, this.#dayOf(call.clientId, at)).calls++;
  }

  ended(id: string): void {
    this.#running.delete(id);
  }

  /** An attempt was refused. Returns an alert when there are many. */
  turnedAway(attempt: DialAttempt, at: Instant): readonly DialAlert[] {
    const lately = within(this.#refused, attempt.agentId ?? attempt.clientId, at);
    return this.#alert("many_refused", attempt, at, lately, lately > this.#alertLimits.refused);
  }

  /** Counts of today as a ledger knows them, after a restart. */
  restore(
    calls: readonly {
      readonly clientId: ClientId;
      readonly agentId?: AgentId;
      readonly trunkId?: TrunkId;
      readonly abroad?: boolean;
      readonly at: Instant;
    }[],
  ): void {
    for (const { clientId, agentId, trunkId, abroad, at } of calls) {
      const day = this.#dayOf(clientId, at);
      const tallies = [tally(this.#clients, clientId, day)];
      if (agentId !== undefined) tallies.push(tally(this.#agents, agentId, day));
      if (trunkId !== undefined) tallies.push(tally(this.#trunks, trunkId, day));
      for (const one of tallies) {
        one.calls++;
        if (abroad) one.abroad++;
      }
    }
  }

  #refusedByCount(attempt: DialAttempt, limits: DialLimits, at: Instant): DialRefusal | undefined {
    const { clientId, agentId, destination } = attempt;
    const day = this.#dayOf(clientId, at);
    const abroad = isAbroad(destination);
    let ofAgent = 0;
    let ofClient = 0;
    for (const [id, call] of this.#running) {
      if (call.clientId === clientId) ofClient++;
      if (agentId !== undefined && call.agentId === agentId && this.#isTheirs(id, agentId)) ofAgent++;
    }
    if (ofClient >= limits.clientAtOnce) return "client_at_once";
    if (abroad && tally(this.#clients, clientId, day).abroad >= limits.clientAbroadPerDay)
      return "client_abroad_per_day";
    if (agentId === undefined) return undefined;
    const today = tally(this.#agents, agentId, day);
    if (ofAgent >= limits.agentAtOnce) return "agent_at_once";
    if (today.calls >= limits.agentPerDay) return "agent_per_day";
    return abroad && today.abroad >= limits.agentAbroadPerDay ? "agent_abroad_per_day" : undefined;
  }

  #alert(
    kind: DialAlert["kind"],
    { clientId, agentId }: DialAttempt,
    at: Instant,
    count: number,
    unusual: boolean,
  ): readonly DialAlert[] {
    if (!unusual) return [];
    const key = `${kind} ${agentId ?? clientId}`;
    const last = this.#alerted.get(key);
    if (last !== undefined && at - last < ALERT_PAUSE_MS) return [];
    this.#alerted.set(key, at);
    return [{ kind, at, clientId, ...(agentId === undefined ? {} : { agentId }), count }];
  }
}

function refusedByRights(destination: Destination, rights: DialRights | undefined): DialRefusal | undefined {
  if (rights === undefined) return undefined;
  if (!rights.out) return "no_right";
  return isAbroad(destination) && !rights.abroad ? "no_right_abroad" : undefined;
}

function refusedByRules(
  { e164, dialled, country, kind, highCost }: Destination,
  rules: DialRules,
  home: string,
  rights: DialRights | undefined,
): DialRefusal | undefined {
  const number = e164 ?? dialled;
  const allowed = longest(rules.allowed, number);
  const blocked = longest(rules.blocked, number);
  if (blocked > allowed) return "blocked_prefix";
  if (allowed > 0) return undefined;
  if (highCost && !(rules.highCost && (rights?.highCost ?? true))) return "high_cost";
  if (kind === "national" || kind === "special" || country === home || rules.countries === "all")
    return undefined;
  return country !== undefined && rules.countries.includes(country) ? undefined : "country";
}

/** Length of the longest beginning that fits; 0 when none does. */
function longest(beginnings: readonly string[], number: string): number {
  let best = 0;
  for (const one of beginnings) if (one.length > best && number.startsWith(one)) best = one.length;
  return best;
}

function isAbroad({ kind }: Destination): boolean {
  return kind === "international";
}

/** Clients of several time zones share agents and trunks: an instant has up to three dates on earth. */
const DATES_AT_ONCE = 3;

function tally<K>(of: Map<K, Tally[]>, key: K, day: string): Tally {
  const known = of.get(key) ?? [];
  const found = known.find((one) => one.day === day);
  if (found) return found;
  const fresh: Tally = { day, calls: 0, abroad: 0 };
  of.set(key, [...known, fresh].slice(-DATES_AT_ONCE));
  return fresh;
}

/** Adds an instant and tells how many there were within the window. */
function within(of: Map<string, Instant[]>, key: string, at: Instant): number {
  const recent = (of.get(key) ?? []).filter((one) => at - one < WINDOW_MS);
  recent.push(at);
  of.set(key, recent);
  return recent.length;
}
