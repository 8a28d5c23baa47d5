import {
  type AgentId,
  type EndpointId,
  type LegId,
  type QueueId,
  SeededRandom,
  SvaraError,
} from "@svara/kernel";
import type { CentreModel } from "../centre-model.ts";
import type { DeskAction } from "../live-service.ts";
import { centre, LiveRig, TRUNK } from "./live-rig.ts";
import type { MemoryLeg } from "./memory-switch.ts";

const NUMBERS = ["100", "+46701", "0812345", "201", "202", "205", "999999"] as const;

/** A floor on which everybody does everything at random, in and out of turn; repeatable by its seed. */
export class RandomStory {
  readonly rig: LiveRig;
  readonly story: string[] = [];
  readonly #random: SeededRandom;
  readonly #names: string[];
  readonly #phones = ["desk-1", "desk-2", "desk-3"];
  readonly #whole: CentreModel;

  constructor(seed: number, agents = 24) {
    this.#random = new SeededRandom(seed);
    this.#names = Array.from({ length: agents }, (_, i) => `agent-${i + 1}`);
    this.#whole = centre({
      agents: this.#names,
      queues: {
        q1: { wrapUp: { mode: "timed", limitMs: 20_000 }, ringTimeoutMs: 12_000 },
        q2: { wrapUp: { mode: "off" } },
        q3: { wrapUp: { mode: "manual" } },
      },
      phones: { "desk-1": "agent-1", "desk-2": "agent-2", "desk-3": null },
    });
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
    const diskFull = (): void => {
      for (const id of sw.recordings.keys()) sw.failRecording(id);
    };
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
    ]);
    this.story.push(`  ${name} ${contact.id} ${JSON.stringify(action)}`);
    return this.rig.desk.act(this.rig.agentOf(name), contact.id, action);
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
