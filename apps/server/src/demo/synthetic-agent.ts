import { type Clock, type Disposable, type Random, SvaraError } from "@svara/kernel";
import type { SoftCall, SoftPhone } from "@svara/telephony";
import type { DeskAgent, DeskService } from "../live/live-service.ts";
import type { Voices } from "./voices.ts";

export interface SyntheticAgentDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly phone: SoftPhone;
  readonly phoneId: string;
  readonly who: DeskAgent;
  readonly desk: DeskService;
  readonly voices: Voices;
  /** The not-ready reason of a break. */
  readonly breakReasonId: string;
  /** Dispositions to choose from. */
  readonly dispositionIds: readonly string[];
  /** Mean time in a call. */
  readonly talkMeanMs: number;
}

const REACTION_MS = { least: 800, most: 4_000 };
/** Chances of what makes a floor look alive. */
const MISSES = 0.02;
const HOLDS = 0.15;
const BREAK_AFTER_CALL = 0.04;
const BREAK_MS = 45_000;

/** An agent made of software at a desk phone: signs in, answers, speaks, writes a disposition, takes breaks. */
export class SyntheticAgent {
  readonly #deps: SyntheticAgentDeps;
  readonly #pauses = new Set<Disposable>();
  /** At the phone now; after it is over, while the wrap-up is written, the next may ring already. */
  #call: SoftCall | undefined;
  #stopped = false;

  constructor(deps: SyntheticAgentDeps) {
    this.#deps = deps;
    deps.phone.incoming.on((call) => void this.#take(call));
  }

  async start(): Promise<void> {
    const { desk, who, phone, phoneId } = this.#deps;
    await phone.register();
    await desk.setDevice(who, { kind: "phone", phoneId });
    await desk.logIn(who, { kind: "available" });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pause of this.#pauses) pause.dispose();
    await this.#deps.phone.close();
  }

  async #take(call: SoftCall): Promise<void> {
    const { random, voices, desk, who } = this.#deps;
    if (this.#call) return call.reject(486);
    this.#call = call;
    try {
      if (random.next() < MISSES) {
        await call.whenEnded();
        return await this.#rest(8_000);
      }
      await this.#pause(this.#between(REACTION_MS.least, REACTION_MS.most));
      if (call.state === "ended") return;
      await call.answer();
      if (call.state !== "answered") return;
      await call.say(voices.agent(random), true);
      const contactId = call.header("x-svara-contact");
      await this.#talk(call, contactId);
      call.hangup();
      this.#call = undefined;
      if (contactId) await this.#wrapUp(contactId);
    } catch (error) {
      if (!(error instanceof SvaraError)) throw error; // a call that ended meanwhile is no fault
    } finally {
      if (this.#call === call) this.#call = undefined;
      await this.#comeBack(desk, who);
    }
  }

  async #talk(call: SoftCall, contactId: string | undefined): Promise<void> {
    const { random, talkMeanMs, desk, who } = this.#deps;
    const ended = call.whenEnded();
    const talkMs = talkMeanMs * (0.4 - 0.6 * Math.log(1 - random.next()));
    if (contactId && random.next() < HOLDS) {
      await Promise.race([ended, this.#pause(talkMs / 2)]);
      if (call.state !== "answered") return;
      await desk.act(who, contactId, { kind: "hold" });
      await Promise.race([ended, this.#pause(this.#between(3_000, 8_000))]);
      if (call.state === "answered") await desk.act(who, contactId, { kind: "resume" });
    }
    await Promise.race([ended, this.#pause(talkMs / 2)]);
  }

  async #wrapUp(contactId: string): Promise<void> {
    const { desk, who, random, dispositionIds } = this.#deps;
    await this.#pause(this.#between(1_000, 4_000));
    const dispositionId = dispositionIds[Math.floor(random.next() * dispositionIds.length)];
    if (dispositionId) await desk.setWork(who, contactId, { dispositionId }).catch(() => undefined);
    await desk.act(who, contactId, { kind: "finish_wrap_up" }).catch(() => undefined);
    if (random.next() < BREAK_AFTER_CALL) await this.#rest(BREAK_MS);
  }

  async #rest(ms: number): Promise<void> {
    const { desk, who, breakReasonId } = this.#deps;
    await desk.setPresence(who, { kind: "not_ready", reasonId: breakReasonId });
    await this.#pause(ms);
  }

  async #comeBack(desk: DeskService, who: DeskAgent): Promise<void> {
    if (this.#stopped) return;
    const { presence } = (await desk.state(who)).agent;
    if (presence?.kind !== "available") await desk.setPresence(who, { kind: "available" });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const pause = this.#deps.clock.after(ms, () => {
        this.#pauses.delete(pause);
        resolve();
      });
      this.#pauses.add(pause);
    });
  }

  #between(least: number, most: number): number {
    return least + this.#deps.random.next() * (most - least);
  }
}
