import { type CallingRules, DEFAULT_CALLING_RULES, type FloorState } from "@svara/contracts";
import { DEFAULT_DIAL_RULES } from "@svara/dialing";
import { QueueBoard } from "@svara/insight";
import type {
  AgentId,
  ClientId,
  ContactId,
  EndpointId,
  EntryPointId,
  Instant,
  LegId,
  QueueId,
  TrunkId,
} from "@svara/kernel";
import { SeededRandom } from "@svara/kernel";
import { CountingIds, ManualClock } from "@svara/kernel/testing";
import { checkDraft, type EventType, type LedgerDraft, verifyAgentDay, verifyContact } from "@svara/ledger";
import { DEFAULT_RULES, type JournalEntry, type RouterRules, replay } from "@svara/routing";
import type {
  CentreModel,
  ModelAgent,
  ModelDialing,
  ModelNumber,
  ModelPhone,
  ModelQueue,
  ModelTrunk,
  Rights,
} from "../centre-model.ts";
import { LiveDesk } from "../desk-service.ts";
import { LiveFloor } from "../floor-service.ts";
import type { LiveContact } from "../live-contact.ts";
import { LiveRuntime } from "../live-runtime.ts";
import type { DeskAction, DeskAgent } from "../live-service.ts";
import type { MonitorNote } from "../monitoring.ts";
import { MemoryStore } from "./memory-store.ts";
import { MemorySwitch } from "./memory-switch.ts";

const CLIENT = "client-1" as ClientId;
export const TRUNK = "trunk-1" as TrunkId;

/** What a test says of its centre; the rest is as `centre` has it. */
export interface CentreSketch {
  readonly agents?: readonly string[];
  readonly queues?: Readonly<Record<string, Partial<ModelQueue>>>;
  /** What is special about some of the agents. */
  readonly profiles?: Readonly<Record<string, Partial<ModelAgent>>>;
  readonly rules?: Partial<RouterRules>;
  readonly calling?: Partial<CallingRules>;
  /** Desk phones and whose they are. */
  readonly phones?: Readonly<Record<string, string | null>>;
  readonly trunks?: readonly string[];
  /** What is special about some of the trunks. */
  readonly lines?: Readonly<Record<string, Partial<ModelTrunk>>>;
  readonly dialing?: Partial<ModelDialing>;
}

/** May do everything. */
const ALL_RIGHTS: Rights = { has: () => true, covers: () => true, clientsOf: () => "all" };

const TODAY = { handled: 0, talkMs: 0, holdMs: 0, wrapUpMs: 0, loggedInMs: 0, notReadyMs: 0, missed: 0 };

/** A small centre: number `100` leads to queue `q1`, agents `anna`, `boris`, `celia` have the extensions `201`, `202`, ... */
export function centre(sketch: CentreSketch = {}): CentreModel {
  const names = sketch.agents ?? ["anna", "boris", "celia"];
  const queues = sketch.queues ?? { q1: {}, q2: {} };
  const firstQueue = Object.keys(queues)[0] as QueueId;
  const agents = names.map(
    (name, i): ModelAgent => ({
      id: name as AgentId,
      userId: name,
      name,
      teamId: null,
      siteId: null,
      skills: {},
      tiers: [1],
      slots: { voice: 1 },
      capacity: null,
      queueIds: null,
      pickQueueIds: [],
      browserEndpointId: name as string as EndpointId,
      extension: String(201 + i),
      autoAnswer: false,
      rights: ALL_RIGHTS,
      ...sketch.profiles?.[name],
    }),
  );
  const phones = Object.entries(sketch.phones ?? {}).map(
    ([id, agentId]): ModelPhone => ({
      id,
      endpointId: id as EndpointId,
      name: id,
      user: id,
      ha1: { md5: "", sha256: "" },
      agentId: agentId as AgentId | null,
      maxDevices: 2,
      srtp: null,
    }),
  );
  const number: ModelNumber = {
    id: "number-1",
    number: "100",
    clientId: CLIENT,
    label: "",
    outbound: false,
    entryPointId: "entry-1" as EntryPointId,
    agentId: null,
  };
  const direct: ModelNumber = {
    id: "number-2",
    number: "+4681",
    clientId: CLIENT,
    label: "",
    outbound: true,
    entryPointId: null,
    agentId: "anna",
  };
  return {
    timeZone: "Europe/Stockholm",
    rules: { ...DEFAULT_RULES, ...sketch.rules },
    calling: { ...DEFAULT_CALLING_RULES, ...sketch.calling },
    clients: new Map([
      [
        CLIENT,
        {
          id: CLIENT,
          name: "Ada",
          timeZone: "Europe/Stockholm",
          recordCalls: true,
          callerIdNumber: null,
          country: "SE",
          dialing: { ...DEFAULT_DIAL_RULES, outsidePrefix: null, ...sketch.dialing },
        },
      ],
    ]),
    queues: new Map(
      Object.entries(queues).map(([id, over]): [QueueId, ModelQueue] => [
        id as QueueId,
        {
          id: id as QueueId,
          clientId: CLIENT,
          name: id,
          media: ["voice"],
          requiredSkills: [],
          priority: 0,
          ringTimeoutMs: 18_000,
          wrapUp: { mode: "timed", limitMs: 30_000 },
          serviceLevelSec: 20,
          shortAbandonMs: 5_000,
          serviceLevelTarget: 0.8,
          maxWaiting: null,
          dispositionRequired: false,
          lastAgentDays: null,
          autoAnswer: false,
          whisperPromptId: null,
          callerIdNumberId: null,
          ...over,
        },
      ]),
    ),
    agents: new Map(agents.map((a) => [a.id, a])),
    phones: new Map(phones.map((p) => [p.endpointId, p])),
    trunks: new Map(
      (sketch.trunks ?? [TRUNK]).map((id): [TrunkId, ModelTrunk] => [
        id as TrunkId,
        {
          trunkId: id as TrunkId,
          name: id,
          peer: { host: "127.0.0.1", port: 5060, transport: "udp" },
          addresses: ["127.0.0.1"],
          register: false,
          callerNumber: "+468123",
          maxCalls: 100,
          country: "SE",
          incomingNumbers: "national",
          line: {
            order: 1,
            format: "e164_plus",
            prefix: "",
            callerId: "own",
            emergency: true,
            countries: null,
          },
          ...sketch.lines?.[id],
        },
      ]),
    ),
    numbers: new Map([number, direct].map((n) => [n.number, n])),
    entryPoints: new Map([
      [
        "entry-1" as EntryPointId,
        {
          id: "entry-1" as EntryPointId,
          clientId: CLIENT,
          name: "Sales",
          version: 1,
          form: {
            language: "en",
            recordingNotice: false,
            queueId: firstQueue,
            music: "default",
            announcePosition: true,
            announceEstimatedWait: false,
            announceEverySec: 30,
            closedThen: { kind: "hangup" },
          },
        },
      ],
    ]),
    hours: new Map(),
    prompts: new Map(),
    reasons: new Map([["lunch", { id: "lunch", code: "lunch", paid: false, productive: false }]]),
    revision: 1,
  };
}

/** The live runtime over a switch and rows in memory, with a clock that a test moves; every story is verified at its end. */
export class LiveRig {
  readonly clock = new ManualClock();
  readonly switch = new MemorySwitch(this.clock);
  readonly store = new MemoryStore();
  readonly ledger: LedgerDraft[] = [];
  readonly journal: JournalEntry[] = [];
  readonly warnings: string[] = [];
  readonly audited: MonitorNote[] = [];
  readonly runtime: LiveRuntime;
  readonly desk: LiveDesk;
  readonly floor: LiveFloor;
  readonly startedAt: Instant = this.clock.now();
  readonly board = new QueueBoard({ from: this.startedAt, to: this.startedAt + 86_400_000 });

  constructor(model: CentreModel = centre(), ids = new CountingIds("x")) {
    const append = (draft: LedgerDraft): void => {
      checkDraft(draft);
      this.ledger.push(draft);
      this.board.apply(draft);
    };
    this.runtime = new LiveRuntime({
      clock: this.clock,
      ids,
      random: new SeededRandom(1),
      epoch: 1,
      switch: this.switch,
      model,
      store: this.store,
      append,
      journal: (entry) => this.journal.push(entry),
      recordingsFolder: "/recordings",
      compose: async (tracks) => ({ durationMs: tracks.durationMs, bytes: 10, sha256: "0".repeat(64) }),
      audit: (note) => this.audited.push(note),
      warn: (message, detail) => this.warnings.push(`${message} ${JSON.stringify(detail)}`),
    });
    this.desk = new LiveDesk({
      runtime: this.runtime,
      store: this.store,
      realm: "svara",
      today: () => TODAY,
      append,
      flush: async () => undefined,
    });
    const figures = { board: this.board, date: "2026-01-05", today: () => TODAY };
    this.floor = new LiveFloor({ runtime: this.runtime, figures, flush: async () => undefined });
  }

  /** Lets everything that is under way come to rest, without moving the clock. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.switch.deliver()) quiet = 0;
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  agentOf(name: string): DeskAgent {
    return { agentId: name as AgentId, displayName: name, mayDialOut: true, clients: "all" };
  }

  /** The agent signs in with a browser that works, and is available. */
  async arrive(...names: string[]): Promise<void> {
    for (const name of names) {
      this.switch.register(name as EndpointId);
      await this.desk.logIn(this.agentOf(name), { kind: "available" });
    }
    await this.settle();
  }

  /** A customer calls; the contact is the newest. */
  async customer(number = "100", callerNumber?: string): Promise<{ leg: LegId; contact: LiveContact }> {
    const leg = this.switch.callIn(number, { ...(callerNumber ? { callerNumber } : {}), trunkId: TRUNK });
    if (!leg) throw new Error("refused");
    await this.settle();
    const contact = this.runtime.contacts.byLeg(leg);
    if (!contact) throw new Error("no contact for the call");
    return { leg, contact };
  }

  /** The leg by which this agent is called or talks: the newest alive one at any device of theirs. */
  legOf(endpoint: string): LegId | undefined {
    return this.switch
      .alive()
      .findLast((leg) => leg.party.kind === "endpoint" && leg.party.endpointId === endpoint)?.legId;
  }

  async answer(endpoint: string): Promise<LegId> {
    const leg = this.legOf(endpoint);
    if (!leg) throw new Error(`nothing rings at ${endpoint}`);
    this.switch.pickUp(leg);
    await this.settle();
    return leg;
  }

  async act(name: string, contactId: ContactId, action: DeskAction): Promise<void> {
    await this.desk.act(this.agentOf(name), contactId, action);
    await this.settle();
  }

  stateOf(name: string): string | undefined {
    return this.runtime.link.router.agent(name as AgentId)?.state;
  }

  /** What a supervisor who may see everything sees. */
  floorNow(): FloorState {
    return this.floor.state({ key: "all", queue: () => true, agent: () => true });
  }

  /** The desk's word for the contact at this agent. */
  deskStateOf(name: string, contactId: ContactId): string | undefined {
    return this.desk.contact(name as AgentId, contactId)?.state;
  }

  /** Far ends that hear each other: the legs of each bridge. */
  together(): LegId[][] {
    return [...this.switch.bridges.values()]
      .map((legs) => [...legs].sort())
      .filter((legs) => legs.length > 0);
  }

  /** What this leg may do in its bridge. */
  roleIn(legId: LegId): unknown {
    return this.switch.legs.get(legId)?.role;
  }

  events<T extends EventType>(type: T, contactId?: ContactId): LedgerDraft<T>[] {
    return this.ledger.filter(
      (e): e is LedgerDraft<T> => e.type === type && (contactId === undefined || e.contactId === contactId),
    );
  }

  outcomeOf(contactId: ContactId): string | undefined {
    return this.events("contact.closed", contactId)[0]?.payload.outcome;
  }

  /** The wrap-ups end by their limit, and nothing must be left of anything. */
  async finish(): Promise<void> {
    await this.pass(120_000);
    this.verify();
    const left = this.runtime.contacts.all().map((c) => `${c.id} ${JSON.stringify(c.view())}`);
    if (left.length > 0) throw new Error(`contacts are left: ${left.join("; ")}`);
    const legs = this.switch.alive().map((leg) => `${leg.legId} ${leg.state}`);
    if (legs.length > 0) throw new Error(`legs are left: ${legs.join("; ")}`);
    if (this.switch.bridges.size > 0) throw new Error("bridges are left");
    const running = [...this.store.recordings.values()].filter((r) => r.state === "recording");
    if (running.length > 0) throw new Error(`recordings are left: ${JSON.stringify(running)}`);
    for (const agent of this.runtime.link.router.agents()) {
      if (agent.handlings.length > 0) throw new Error(`the router leaves work: ${JSON.stringify(agent)}`);
      if (this.runtime.contacts.ofAgent(agent.agentId).length > 0)
        throw new Error(`a contact is left in the hands of ${agent.agentId}`);
    }
    for (const queueId of this.runtime.link.router.queueIds())
      if (this.runtime.link.router.waitingItems(queueId).length > 0)
        throw new Error(`items are left in ${queueId}`);
  }

  /** What must hold at any time: the ledger's rules, agents' sums, rows in order, and a journal that replays. */
  verify(): void {
    if (this.store.faults.length > 0) throw new Error(this.store.faults.join("; "));
    for (const { contactId } of this.events("contact.created")) {
      const [problem] = verifyContact(
        this.ledger.filter((e) => e.contactId === contactId && !e.type.startsWith("agent.")),
      );
      if (problem) throw new Error(`the ledger of ${contactId}: ${JSON.stringify(problem)}`);
    }
    const now = this.clock.now();
    const agents = new Set(this.ledger.flatMap((e) => (e.type === "agent.logged_in" ? [e.agentId] : [])));
    for (const agentId of agents) {
      const own = this.ledger.filter((e) => e.agentId === agentId && e.type.startsWith("agent."));
      const [problem] = verifyAgentDay(own, { from: this.startedAt, to: now + 1 }, now);
      if (problem) throw new Error(`the time of ${agentId}: ${JSON.stringify(problem)}`);
    }
    const { differences, firstDifference } = replay(this.journal);
    if (differences > 0)
      throw new Error(`the journal replays differently: ${JSON.stringify(firstDifference)}`);
  }
}
