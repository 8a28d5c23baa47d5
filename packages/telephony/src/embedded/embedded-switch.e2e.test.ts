import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Disposable,
  type EndpointId,
  type LegId,
  SecureRandom,
  SystemClock,
  type TrunkId,
  UuidV7,
} from "@svara/kernel";
import { LocalMediaHost, type MediaHost, MediaHostPool, WorkerMediaHost } from "@svara/media";
import { breakWorker, FAULTY_WORKER, goertzel, readWav, toneShare, toneWav } from "@svara/media/testing";
import { makeHa1, SILENT_LOG } from "@svara/sip";
import {
  type ContractSwitch,
  type MediaFault,
  runSwitchContract,
  type SwitchHarness,
  type TestCarrier,
  type TestParty,
} from "../contract.ts";
import type { SoftCall, SoftCallOptions } from "../soft-phone/soft-call.ts";
import { SoftPhone } from "../soft-phone/soft-phone.ts";
import { EmbeddedSwitch } from "./embedded-switch.ts";
import { DeafCarrier } from "./testing/deaf-carrier.ts";
import { ListDirectory } from "./testing/list-directory.ts";

const HOST = "127.0.0.1";
const REALM = "svara.test"; // as ListDirectory has it
const MEDIA_TIMEOUT_MS = 2_000;
const MEDIA_HOSTS = 2;
/** Trunks of carriers are asked this often. */
const KEEP_ALIVE_MS = 250;
/** Another machine, as far as the switch can see. */
const STRANGE_HOST = "127.0.0.9";

/** The embedded switch with software phones around it, all on loopback with real UDP and real RTP. */
class EmbeddedHarness implements SwitchHarness {
  readonly name = "embedded";
  readonly #clock = new SystemClock();
  readonly #random = new SecureRandom();
  readonly #ids = new UuidV7(this.#clock, this.#random);
  readonly #directory = new ListDirectory();
  readonly #parties: TestParty[] = [];
  readonly #folders: string[] = [];
  readonly #borders: DeafCarrier[] = [];
  readonly #workers: WorkerMediaHost[] = [];
  #switch: EmbeddedSwitch | undefined;
  #phones: MediaHost | undefined;
  #port = 0;
  #count = 0;

  async start(): Promise<ContractSwitch> {
    const { clock, random, ids } = this.#tools();
    const media = await MediaHostPool.start(
      {
        bindAddress: HOST,
        rtpPorts: { min: 0, max: 0 },
        webrtcPort: 0,
        mediaTimeoutMs: MEDIA_TIMEOUT_MS,
        qualityIntervalMs: 500,
        hosts: MEDIA_HOSTS,
      },
      {
        clock,
        start: async (own) => {
          const worker = await WorkerMediaHost.start(own, { clock, entry: FAULTY_WORKER, memoryLimitMb: 60 });
          this.#workers.push(worker);
          return worker;
        },
      },
    );
    this.#phones = await LocalMediaHost.start(
      { bindAddress: HOST, rtpPorts: { min: 0, max: 0 }, webrtcPort: 0 },
      { clock, random },
    );
    const trunkId = "trunk-1" as TrunkId;
    this.#directory.trunkList = [{ trunkId, addresses: [HOST], register: false }];
    const sw = new EmbeddedSwitch({
      switchId: "embedded-1",
      clock,
      random,
      ids,
      log: SILENT_LOG,
      directory: this.#directory,
      media,
      advertisedAddress: HOST,
      trunkPingMs: 0,
      limits: { banAfterFailures: 4 },
    });
    this.#switch = sw;
    this.#port = (await sw.listenUdp({ host: HOST, port: 0 })).port;
    return { switch: sw, trunkId, mediaTimeoutMs: MEDIA_TIMEOUT_MS };
  }

  async phone(twin?: TestParty): Promise<TestParty> {
    const user = twin?.user ?? `phone${++this.#count}`;
    const endpointId = user as EndpointId;
    if (!twin) {
      const ha1 = makeHa1(user, REALM, `secret-${user}`);
      this.#directory.accounts.push({ endpointId, user, kind: "phone", ha1 });
    }
    return this.#party(user, `secret-${user}`);
  }

  outside(): Promise<TestParty> {
    return this.#party(`0701${String(++this.#count).padStart(6, "0")}`);
  }

  async carrier(): Promise<TestCarrier> {
    const trunkId = `carrier-${++this.#count}` as TrunkId;
    const { party, phone } = await this.#partyAndPhone(`0702${String(this.#count).padStart(6, "0")}`, {
      rings: false,
    });
    const border = await DeafCarrier.open(HOST, phone.port);
    this.#borders.push(border);
    this.#directory.trunkList = [
      ...this.#directory.trunkList,
      {
        trunkId,
        addresses: [`${HOST}:${border.port}`],
        register: false,
        peer: { host: HOST, port: border.port, transport: "udp" },
        keepAliveMs: KEEP_ALIVE_MS,
      },
    ];
    this.#directory.changed.emit();
    return { trunkId, party, deafen: () => border.deafen() };
  }

  async intruder(): Promise<TestParty> {
    const user = `phone${++this.#count}`;
    const ha1 = makeHa1(user, REALM, "nobody knows");
    this.#directory.accounts.push({ endpointId: user as EndpointId, user, kind: "phone", ha1 });
    return (await this.#partyAndPhone(user, { password: "a guess", host: STRANGE_HOST })).party;
  }

  async sendFax(call: SoftCall): Promise<void> {
    const file = path.join(await this.folder(), "fax.wav");
    await toneWav(file, 1100, 0.5);
    await call.say([{ file }, { silenceMs: 3_000 }], true);
  }

  async hostOf(legId: LegId): Promise<number> {
    for (const [i, worker] of this.#workers.entries()) {
      const stats = await worker.request({ type: "stats" }).catch(() => undefined);
      if (stats?.legs.some((leg) => leg.legId === legId)) return i;
    }
    return -1;
  }

  async breakMedia(legId: LegId, fault: MediaFault): Promise<void> {
    const worker = this.#workers[await this.hostOf(legId)];
    if (!worker) throw new Error(`no media host has leg ${legId}`);
    if (fault === "terminated") await worker.kill();
    else breakWorker(worker, fault);
  }

  async speak(call: SoftCall, hz: number): Promise<void> {
    const file = path.join(await this.folder(), `tone-${hz}.wav`);
    await toneWav(file, hz, 2);
    await call.say([{ file }], true);
  }

  async hear(call: SoftCall, hz: number, ms = 700): Promise<number> {
    const prefix = path.join(await this.folder(), "heard");
    await call.startRecording(prefix);
    await new Promise<void>((resolve) => this.#clock.after(ms, resolve));
    const summary = await call.stopRecording();
    if (!summary) return 0;
    const { samples, sampleRate: rate } = readWav(await readFile(summary.tracks.in), "heard");
    // The first fifth may still carry what was on its way before.
    const heard = samples.subarray(Math.floor(samples.length / 3));
    if (hz > 0) return shareOf(heard, hz, rate);
    return heard.some((s) => Math.abs(s) > 500) ? 1 : 0;
  }

  async measure(file: string, hz: number): Promise<{ share: number; durationMs: number }> {
    const { samples, sampleRate: rate } = readWav(await readFile(file), file);
    return { share: shareOf(samples, hz, rate), durationMs: Math.round((samples.length / rate) * 1000) };
  }

  async cut(call: SoftCall): Promise<void> {
    await this.#phones?.request({ type: "leg.close", legId: call.legId });
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "svara-switch-"));
    this.#folders.push(folder);
    return folder;
  }

  async stop(): Promise<void> {
    for (const party of this.#parties) await party.close();
    await this.#switch?.close();
    for (const border of this.#borders) await border.close();
    await this.#phones?.close();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }

  #tools() {
    return { clock: this.#clock, random: this.#random, ids: this.#ids };
  }

  async #party(user: string, password?: string): Promise<TestParty> {
    return (await this.#partyAndPhone(user, password ? { password } : {})).party;
  }

  async #partyAndPhone(
    user: string,
    options: { password?: string; host?: string; rings?: boolean },
  ): Promise<{ party: TestParty; phone: SoftPhone }> {
    if (!this.#phones) throw new Error("the harness has not been started");
    const phone = await SoftPhone.start({
      ...this.#tools(),
      log: SILENT_LOG,
      media: this.#phones,
      host: HOST,
      server: { host: HOST, port: this.#port },
      user,
      ...options,
    });
    const waiting: SoftCall[] = [];
    const wanted: ((call: SoftCall) => void)[] = [];
    const listening: Disposable = phone.incoming.on((call) => {
      const taker = wanted.shift();
      if (taker) taker(call);
      else waiting.push(call);
    });
    const party: TestParty = {
      user,
      endpointId: user as EndpointId,
      register: () => phone.register(),
      unregister: () => phone.unregister(),
      call: (number, options?: SoftCallOptions) => phone.call(number, options),
      nextCall: () => {
        const call = waiting.shift();
        return call ? Promise.resolve(call) : new Promise((resolve) => wanted.push(resolve));
      },
      close: async () => {
        listening.dispose();
        await phone.close();
      },
    };
    this.#parties.push(party);
    return { party, phone };
  }
}

/** Of the whole, and most of the time: gaps and jumps of a busy machine spoil the one, pauses the other. */
function shareOf(samples: Int16Array, hz: number, rate: number): number {
  return Math.max(goertzel(samples, hz, rate), toneShare(samples, hz, rate));
}

runSwitchContract(new EmbeddedHarness());
