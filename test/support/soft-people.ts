import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { api, type DeskState } from "@svara/contracts";
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import { type MediaHost, type PlayItem, WorkerMediaHost } from "@svara/media";
import { goertzel, readWav, writeWav } from "@svara/media/testing";
import { SILENT_LOG } from "@svara/sip";
import { type SoftCall, SoftPhone } from "@svara/telephony";
import type { TestAgent, TestCentre, TestPhone } from "./centre.ts";
import { beeps, TELEPHONE_HZ } from "./tones.ts";
import { waitFor } from "./wait-for.ts";

const LOOPBACK = "127.0.0.1";
/** Judged by so much of the latest sound. */
const LATEST_MS = 300;

/** People whose telephones are our own soft phone, with one media host for all of them. */
export class SoftPeople {
  readonly #clock = new SystemClock();
  readonly #random = new SecureRandom();
  readonly #ids = new UuidV7(this.#clock, this.#random);
  readonly #media: MediaHost;
  readonly #folder: string;
  readonly #phones: SoftPhone[] = [];
  readonly #sip: { readonly host: string; readonly port: number };
  readonly #tones = new Map<number, string>();
  #ears = 0;

  private constructor(media: MediaHost, folder: string, sip: { host: string; port: number }) {
    this.#media = media;
    this.#folder = folder;
    this.#sip = sip;
  }

  static async gather(sip: { readonly host: string; readonly port: number }): Promise<SoftPeople> {
    const media = await WorkerMediaHost.start({
      bindAddress: LOOPBACK,
      rtpPorts: { min: 0, max: 0 },
      webrtcPort: 0,
    });
    return new SoftPeople(media, await mkdtemp(path.join(tmpdir(), "svara-people-")), sip);
  }

  /** A telephone; with a password it can register. */
  async phone(user: string, password?: string): Promise<SoftPhone> {
    const phone = await SoftPhone.start({
      clock: this.#clock,
      random: this.#random,
      ids: this.#ids,
      log: SILENT_LOG,
      media: this.#media,
      host: LOOPBACK,
      server: this.#sip,
      user,
      ...(password === undefined ? {} : { password }),
    });
    this.#phones.push(phone);
    return phone;
  }

  /** An agent at a registered desk phone, available. */
  async agentAtPhone(centre: TestCentre, agent: TestAgent, phone?: TestPhone): Promise<SoftAgent> {
    const account = phone ?? (await centre.phone(agent.id));
    const soft = await this.phone(account.username, account.password);
    const calls = new SoftAgent(agent, soft);
    await soft.register();
    await agent.session.call(api.desk.setDevice, { body: { kind: "phone", phoneId: account.id } });
    await agent.session.call(api.desk.logIn, { body: { presence: { kind: "available" } } });
    return calls;
  }

  /** A tone without end, to be said by a call. */
  async tone(hz: number): Promise<PlayItem[]> {
    let file = this.#tones.get(hz);
    if (file === undefined) {
      file = path.join(this.#folder, `${hz}.wav`);
      await writeFile(file, writeWav({ sampleRate: TELEPHONE_HZ, samples: beeps(hz, 10, TELEPHONE_HZ) }));
      this.#tones.set(hz, file);
    }
    return [{ file }];
  }

  /** Makes a call say the tone of `hz` and listens to it. */
  async talk(call: SoftCall, hz: number): Promise<Ear> {
    await call.say(await this.tone(hz), true);
    const prefix = path.join(this.#folder, `ear-${++this.#ears}`);
    await call.startRecording(prefix);
    return new Ear(`${prefix}-in.wav`);
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
    await this.#media.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What one call hears, read from the file while it grows. */
export class Ear {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Waits until the latest sound is the tone of `hz`. */
  hears(hz: number): Promise<true> {
    return waitFor(`a soft phone hears ${hz} Hz`, async () => {
      const { samples, sampleRate } = readWav(await readFile(this.#file), this.#file);
      const latest = samples.subarray(-(LATEST_MS * sampleRate) / 1_000);
      return latest.length > 0 && goertzel(latest, hz, sampleRate) > 0.7;
    });
  }

  /** As `hears`, of sound that has come since now. */
  async hearsAnew(hz: number): Promise<true> {
    const heardMs = async (): Promise<number> => {
      const { samples, sampleRate } = readWav(await readFile(this.#file), this.#file);
      return (samples.length * 1_000) / sampleRate;
    };
    const before = await heardMs();
    await waitFor("new sound", async () => (await heardMs()) > before + LATEST_MS);
    return this.hears(hz);
  }

  /** Waits until the latest sound is not silence and has nothing of `hz`: music. */
  hearsOther(hz: number): Promise<true> {
    return waitFor(`a soft phone hears something else than ${hz} Hz`, async () => {
      const { samples, sampleRate } = readWav(await readFile(this.#file), this.#file);
      const latest = samples.subarray(-(LATEST_MS * sampleRate) / 1_000);
      const loud = latest.some((sample) => Math.abs(sample) > 300);
      return latest.length > 0 && loud && goertzel(latest, hz, sampleRate) < 0.1;
    });
  }
}

/** An agent who works by desk phone and API. */
export class SoftAgent {
  readonly agent: TestAgent;
  readonly phone: SoftPhone;
  readonly #rung: SoftCall[] = [];
  readonly #taken = new Set<SoftCall>();

  constructor(agent: TestAgent, phone: SoftPhone) {
    this.agent = agent;
    this.phone = phone;
    phone.incoming.on((call) => this.#rung.push(call));
  }

  /** Calls that have rung here, from the first. */
  get rung(): readonly SoftCall[] {
    return this.#rung;
  }

  /** Waits for the next call that rings and was not given before. */
  async nextCall(limitMs?: number): Promise<SoftCall> {
    const call = await waitFor(
      `the phone of ${this.agent.displayName} rings`,
      () => this.#rung.find((each) => !this.#taken.has(each)),
      limitMs,
    );
    this.#taken.add(call);
    return call;
  }

  desk(): Promise<DeskState> {
    return this.agent.session.call(api.desk.state, {});
  }

  /** Waits until the desk shows this state. */
  becomes(state: DeskState["agent"]["state"]): Promise<DeskState> {
    return waitFor(`${this.agent.displayName} is ${state}`, async () => {
      const desk = await this.desk();
      return desk.agent.state === state ? desk : undefined;
    });
  }

  /** Ends whatever is in hand, and takes no more calls. */
  async leave(): Promise<void> {
    for (const call of this.#rung) call.hangup();
    await waitFor(`${this.agent.displayName} has nothing in hand`, async () => {
      const { contacts } = await this.desk();
      for (const { contactId, state } of contacts) {
        if (state !== "wrap_up") continue;
        await this.agent.session
          .call(api.desk.finishWrapUp, { params: { id: contactId } })
          .catch(() => undefined);
      }
      return contacts.length === 0;
    });
    await this.agent.session.call(api.desk.logOut, {});
    await this.phone.unregister();
  }
}
