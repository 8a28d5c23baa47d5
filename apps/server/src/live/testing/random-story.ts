import type { DiversionTarget } from "@svara/contracts";
import {
  type AgentId,
  type ContactId,
  type Disposable,
  type EndpointId,
  type LegId,
  type PromptId,
  type QueueId,
  SeededRandom,
  SvaraError,
} from "@svara/kernel";
import type { CentreModel } from "../centre-model.ts";
import type { LiveContact } from "../live-contact.ts";
import type { DeskAction } from "../live-service.ts";
import { centre, LiveRig, TRUNK } from "./live-rig.ts";
import type { MemoryLeg } from "./memory-switch.ts";

const NUMBERS = ["100", "+46701000", "0812345", "201", "202", "205", "999999"] as const;

const CODES = [
  "*1201",
  "*2202",
  "*3203",
  "*4201",
  "*4203",
  "*8",
  "*8201",
  "*70",
  "*711",
  "*72202",
  "*73",
  "*78",
  "*79",
  "*74203",
] as const;

/** A floor on which everybody does everything at random, in and out of turn; repeatable by its seed. */
export class RandomStory {
  readonly rig: LiveRig;
  readonly story: string[] = [];
  readonly #random: SeededRandom;
  readonly #names: string[];
  readonly #phones = ["desk-1", "desk-2", "desk-3"];
  readonly #whole: CentreModel;
  readonly #watches: Disposable[] = [];

  constructor(seed: number, agents = 24) {
    this.#random = new SeededRandom(seed);
    this.#names = Array.from({ length: agents }, (_, i) => `agent-${i + 1}`);
    const whole = centre({
      agents: this.#names,
      queues: {
        q1: {
          wrapUp: { mode: "timed", limitMs: 20_000 },
          ringTimeoutMs: 12_000,
          lastAgentDays: 30,
          crossSell: { waitingAtMost: 1 },
          steps: [{ afterMs: 8_000, tiers: [2], raise: 1 }],
          callback: { maxAttempts: 2, retryMs: 10_000, attemptLeaseMs: 20_000 },
          overflow: [
            { id: "offer", afterMs: 4_000, to: { kind: "callback" } },
            { id: "word", afterMs: 6_000, to: { kind: "message", promptId: null, leaves: false } },
            { id: "second", afterMs: 15_000, to: { kind: "queue", queueId: "q2" as QueueId } },
          ],
        },
        q2: {
          autoAnswer: true,
          whisperPromptId: "whisper" as PromptId,
          wrapUp: { mode: "requested", limitMs: 30_000 },
          overflow: [
            { id: "long", afterMs: 40_000, to: { kind: "message", promptId: null, leaves: true } },
            { id: "end", afterMs: 90_000, to: { kind: "hang_up" } },
          ],
        },
        q3: { wrapUp: { mode: "manual" } },
      },
      profiles: Object.fromEntries(
        this.#names.map((name, i) => [
          name,
          {
            teamId: `team-${i % 3}`,
            autoAnswer: i % 5 === 0,
            tiers: i % 3 === 0 ? [1, 2] : [1],
            pickQueueIds: i % 4 === 0 ? (["q1", "q2"] as QueueId[]) : [],
          },
        ]),
      ),
      rules: {
        missesAllowed: 2,
        restAfterMissMs: 3_000,
        connectionGraceMs: 8_000,
        assignmentLeaseMs: 30_000,
      },
      phones: { "desk-1": "agent-1", "desk-2": "agent-2", "desk-3": null },
    });
    const numbers = new Map(
      [...whole.numbers].map(([number, one]) => [number, one.agentId ? { ...one, agentId: "agent-1" } : one]),
    );
    this.#whole = { ...whole, numbers, prompts: new Map([["whisper" as PromptId, "/prompts/whisper.wav"]]) };
    this.rig = new LiveRig(this.#whole);
  }

  async begin(): Promise<void> {
    await this.rig.arrive(...this.#names.slice(0, Math.ceil(this.#names.length * 0.7)));
    for (const phone of this.#phones) this.rig.switch.register(phone as EndpointId);
    await this.rig.settle();
  }

  async step(): Promise<void> {
    this.rig.switch.holding = this.#chance(0.3);
    const act = this.#pick(this.#acts());
    this.story.push(`${this.rig.clock.now() - this.rig.startedAt} ${act.name}`);
    try {
      await act();
    } catch (error) {
      // a refusal is an answer, anything else a fault
      if (!(error instanceof SvaraError) || error.httpStatus >= 500) throw error;
    }
    if (this.#chance(0.6)) await this.rig.settle();
    if (this.#chance(0.5)) await this.rig.pass(Math.floor(this.#random.next() * 6_000));
  }

  /** Everybody goes home. */
  async end(): Promise<void> {
    this.rig.switch.holding = false;
    this.rig.runtime.applyModel({ ...this.#whole, revision: 1_000_000 });
    await this.rig.settle();
    for (let round = 0; round < 12; round++) {
      for (const leg of this.rig.switch.alive()) {
        if (leg.state === "dialing" || leg.state === "ringing") this.rig.switch.refuse(leg.legId);
        else this.rig.switch.hangUpBy(leg.legId);
      }
      await this.rig.pass(45_000);
      for (const name of this.#names) {
        for (const contact of this.rig.runtime.contacts.ofAgent(name as AgentId))
          await this.rig.act(name, contact.id, { kind: "finish_wrap_up" }).catch(() => undefined);
      }
      // who waits to be called at the end of the day is not called
      if (round > 8) this.rig.runtime.act(() => this.rig.runtime.callbacks.withdrawWhere(() => true));
      if (round > 8)
        for (const name of this.#names)
          await this.rig.desk.logOut(this.rig.agentOf(name)).catch(() => undefined);
    }
    await this.rig.finish();
  }

  #acts(): (() => unknown)[] {
    const { rig } = this;
    const sw = rig.switch;
    const name = this.#pick(this.#names);
    const other = this.#pick(this.#names);
    const phone = this.#pick(this.#phones) as EndpointId;
    const agent = rig.agentOf(name);
    const leg = this.#leg();
    const ringing = this.#leg((l) => l.state === "dialing" || l.state === "ringing");
    const busy = this.#names.filter((n) => rig.runtime.contacts.ofAgent(n as AgentId).length > 0);
    const worker = busy.length > 0 ? this.#pick(busy) : name;
    const customer = (): void => {
      sw.callIn(this.#chance(0.9) ? "100" : this.#pick(NUMBERS), {
        trunkId: TRUNK,
        ...(this.#chance(0.7) ? { callerNumber: `+4670${Math.floor(this.#random.next() * 1000)}` } : {}),
      });
    };
    const pickUp = (): void => sw.pickUp(ringing);
    const work = (): unknown => this.#work(worker);
    const goThroughRings = (): void => sw.ringing(ringing);
    const refuses = (): void => sw.refuse(ringing, this.#pick(["busy", "refused", "not_found", "failed"]));
    const hangsUp = (): void => sw.hangUpBy(leg);
    const fails = (): void => sw.fail(leg, this.#pick(["media_timeout", "transport_lost", "failed"]));
    const phoneHolds = (): void => sw.holdBy(leg, this.#chance(0.5));
    const refers = (): void =>
      sw.refer(leg, this.#pick(NUMBERS), this.#chance(0.3) ? this.#leg() : undefined);
    const leaves = (): void =>
      sw.unregister(name as EndpointId, this.#pick(["removed", "expired", "connection_lost"]));
    const comes = (): void => sw.register(name as EndpointId);
    const allCome = (): void => {
      for (const n of this.#names) sw.register(n as EndpointId);
      for (const p of this.#phones) sw.register(p as EndpointId);
    };
    const phoneLeaves = (): void => sw.unregister(phone);
    const phoneCalls = (): unknown =>
      sw.callIn(this.#pick(NUMBERS), { endpointId: phone, callerNumber: phone });
    const browserCalls = (): unknown =>
      sw.callIn(this.#pick(NUMBERS), { endpointId: name as EndpointId, callerNumber: name });
    const available = (): unknown => rig.desk.setPresence(agent, { kind: "available" });
    const allAvailable = async (): Promise<void> => {
      for (const n of this.#names) await rig.desk.setPresence(rig.agentOf(n), { kind: "available" });
    };
    const lunch = (): unknown => rig.desk.setPresence(agent, { kind: "not_ready", reasonId: "lunch" });
    const logsIn = (): unknown => rig.desk.logIn(agent, { kind: "available" });
    const logsOut = (): unknown => rig.desk.logOut(agent);
    const device = (): unknown =>
      rig.desk.setDevice(agent, this.#chance(0.5) ? { kind: "browser" } : { kind: "phone", phoneId: phone });
    const microphone = (): unknown => rig.desk.reportMicrophone(agent, this.#chance(0.7), undefined);
    const dials = (): unknown => rig.desk.call(agent, { kind: "number", number: this.#pick(NUMBERS) });
    const callsColleague = (): unknown => rig.desk.call(agent, { kind: "agent", agentId: other as AgentId });
    const reload = (): unknown => this.#reload();
    const digit = (): void => sw.press(leg, "5");
    const accepts = (): void => {
      for (const { legId } of sw.alive()) sw.press(legId, "1");
    };
    const picks = (): unknown => {
      const waiting = rig.desk.pickable(agent, () => true).flatMap((queue) => queue.waiting);
      const one = this.#pick(waiting);
      return one && rig.desk.pick(agent, one.contactId, () => true);
    };
    const forced = (): unknown =>
      this.#chance(0.5)
        ? rig.floor.logOut("user:x", name as AgentId)
        : rig.floor.setPresence("user:x", name as AgentId, { kind: "not_ready", reasonId: "lunch" });
    const asksToSell = (): unknown => {
      const contact = this.#pick(rig.runtime.contacts.ofAgent(worker as AgentId));
      return contact && rig.desk.crossSell(rig.agentOf(worker), contact.id);
    };
    const deskGone = (): void => {
      const watch = rig.desk.watch(name as AgentId, () => undefined);
      if (this.#chance(0.5)) watch.dispose();
      else this.#watches.push(watch);
    };
    const deskBack = (): void => {
      for (const watch of this.#watches.splice(0)) watch.dispose();
      for (const n of this.#names) rig.desk.watch(n as AgentId, () => undefined);
    };
    const explains = (): void => {
      for (const queueId of rig.runtime.link.router.queueIds())
        for (const item of rig.runtime.link.router.waitingItems(queueId)) {
          rig.floor.explain(
            { key: "all", queue: () => true, agent: () => true },
            item.id as string as ContactId,
          );
        }
    };
    const diskFull = (): void => {
      for (const id of sw.recordings.keys()) sw.failRecording(id);
    };
    const parks = (): unknown => {
      const contact = this.#pick(rig.runtime.contacts.ofAgent(worker as AgentId));
      return contact && rig.desk.park(rig.agentOf(worker), contact.id, this.#chance(0.2) ? 7 : undefined);
    };
    const fetches = (): unknown => {
      const parked = this.#pick(rig.desk.parked(agent));
      return parked && rig.desk.fetchParked(agent, parked.slot);
    };
    const takes = (): unknown => {
      const call = this.#pick(rig.desk.ringing(agent));
      return call && rig.desk.pickUp(agent, call.contactId);
    };
    const supervisor = {
      agentId: name as AgentId,
      rights: rig.runtime.model.agents.get(name as AgentId)?.rights,
    };
    const listens = (): unknown => {
      const contact = this.#pick(rig.runtime.contacts.ofAgent(worker as AgentId));
      const mode = this.#pick(["listen", "whisper", "barge"] as const);
      if (!contact || !supervisor.rights) return undefined;
      return rig.floor.startMonitor(
        { ...supervisor, rights: supervisor.rights },
        { contactId: contact.id, mode },
      );
    };
    const supervises = (): unknown => {
      const running = this.#pick(rig.runtime.monitoring.all());
      const rights = rig.runtime.model.agents.get((running?.supervisorId ?? "") as AgentId)?.rights;
      if (!running || !rights) return undefined;
      const by = { agentId: running.supervisorId, rights };
      return this.#pick([
        () => rig.floor.changeMonitor(by, running.id, this.#pick(["listen", "whisper", "barge"] as const)),
        () => rig.floor.changeMonitor(by, running.id, this.#pick(["whisper", "barge"] as const)),
        () => rig.floor.takeOver(by, running.id),
        () => rig.floor.stopMonitor(by, running.id),
      ])();
    };
    const disturbed = (): unknown => rig.desk.setCalling(agent, { doNotDisturb: this.#chance(0.5) });
    const diverts = (): unknown => {
      const target = (): DiversionTarget | null =>
        this.#pick<DiversionTarget | null>([
          null,
          null,
          { kind: "agent", agentId: other },
          { kind: "queue", queueId: "q2" },
          { kind: "number", number: this.#pick(NUMBERS) },
        ]);
      return rig.desk.setCalling(agent, {
        diversions: { always: null, busy: target(), no_answer: target(), unreachable: target() },
      });
    };
    const dialsCode = (): unknown => sw.callIn(this.#pick(CODES), { endpointId: phone, callerNumber: phone });
    const callsDirectly = (): unknown => sw.callIn("+4681", { trunkId: TRUNK, callerNumber: "+46701000" });
    const mediaLost = (): void => sw.loseMedia(leg);
    const mediaBack = (): void => sw.restoreMedia(leg);
    const often = <T>(n: number, act: T): T[] => Array.from({ length: n }, () => act);
    return [
      ...often(8, customer),
      ...often(14, pickUp),
      ...often(14, work),
      goThroughRings,
      ...often(2, refuses),
      ...often(4, hangsUp),
      fails,
      ...often(2, phoneHolds),
      refers,
      leaves,
      ...often(2, comes),
      allCome,
      phoneLeaves,
      ...often(2, phoneCalls),
      browserCalls,
      available,
      ...often(3, allAvailable),
      lunch,
      logsIn,
      logsOut,
      device,
      microphone,
      ...often(2, dials),
      ...often(2, callsColleague),
      reload,
      digit,
      ...often(2, accepts),
      ...often(2, picks),
      forced,
      asksToSell,
      ...often(3, deskGone),
      ...often(2, deskBack),
      explains,
      ...often(3, parks),
      ...often(3, fetches),
      ...often(3, takes),
      ...often(6, listens),
      ...often(10, supervises),
      disturbed,
      diverts,
      ...often(4, dialsCode),
      ...often(3, callsDirectly),
      mediaLost,
      ...often(2, mediaBack),
      ...(this.#chance(0.1) ? [diskFull] : []),
    ];
  }

  #work(name: string): unknown {
    const contact = this.#pick(this.rig.runtime.contacts.ofAgent(name as AgentId));
    if (!contact) return undefined;
    const target = this.#pick([
      () => ({ kind: "agent", agentId: this.#pick(this.#names) }) as const,
      () => ({ kind: "queue", queueId: this.#pick(["q1", "q2", "q3"]) }) as const,
      () => ({ kind: "number", number: this.#pick(NUMBERS) }) as const,
      () => ({ kind: "entry_point", entryPointId: "entry-1" }) as const,
    ])();
    const action = this.#pick<DeskAction>([
      { kind: "hold" },
      { kind: "resume" },
      { kind: "hang_up" },
      { kind: "refuse" },
      { kind: "dtmf", digits: "12" },
      { kind: "transfer", target },
      { kind: "consult", target },
      { kind: "consult", target },
      { kind: "consult_complete" },
      { kind: "consult_cancel" },
      { kind: "consult_swap" },
      { kind: "reattach" },
      { kind: "mute", muted: this.#chance(0.5) },
      { kind: "pause_recording" },
      { kind: "resume_recording" },
      { kind: "finish_wrap_up" },
      { kind: "escalate", tier: 2 },
      { kind: "request_wrap_up", wanted: this.#chance(0.7) },
      { kind: "extend_wrap_up", byMs: 10_000 },
      { kind: "conference_merge" },
      { kind: "conference_merge" },
      { kind: "conference_leave" },
      {
        kind: "conference_add",
        target: this.#chance(0.6)
          ? { kind: "agent", agentId: this.#pick(this.#names) }
          : { kind: "number", number: this.#pick(NUMBERS) },
      },
      { kind: "conference_drop", participantId: this.#participant(contact) },
      {
        kind: "move",
        device: this.#chance(0.5)
          ? { kind: "browser" }
          : { kind: "phone", phoneId: this.#pick(this.#phones) },
      },
    ]);
    this.story.push(`  ${name} ${contact.id} ${JSON.stringify(action)}`);
    return this.rig.desk.act(this.rig.agentOf(name), contact.id, action);
  }

  #participant(contact: LiveContact): string {
    const party = this.#pick(contact.view().conference ?? []);
    if (!party) return "nobody";
    return party.kind === "agent" ? party.agentId : party.legId;
  }

  /** Something is archived, or everything is there again. */
  #reload(): void {
    const revision = this.rig.runtime.model.revision + 1;
    const without = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => {
      const key = this.#pick([...map.keys()]);
      return new Map([...map].filter(([k]) => k !== key));
    };
    const whole = this.#whole;
    const model = this.#pick<CentreModel>([
      whole,
      whole,
      { ...whole, queues: without(whole.queues) },
      { ...whole, agents: without(whole.agents) },
      { ...whole, phones: without(whole.phones) },
      { ...whole, trunks: new Map() },
      { ...whole, numbers: new Map() },
      { ...whole, entryPoints: new Map() },
      { ...whole, queues: new Map<QueueId, never>() },
    ]);
    this.rig.runtime.applyModel({ ...model, revision });
  }

  #leg(fits: (leg: MemoryLeg) => boolean = () => true): LegId {
    const legs = this.rig.switch.alive().filter(fits);
    return (this.#pick(legs)?.legId ?? "none") as LegId;
  }

  #chance(p: number): boolean {
    return this.#random.next() < p;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random.next() * items.length)] as T;
  }
}
