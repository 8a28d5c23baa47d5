import { type EndpointId, type LegId, SecureRandom, SystemClock, type TrunkId, UuidV7 } from "@svara/kernel";
import { LocalMediaHost, type MediaHost } from "@svara/media";
import { type DnsAnswer, type DnsResolver, makeHa1, SILENT_LOG } from "@svara/sip";
import { afterEach, expect, it, vi } from "vitest";
import type { SoftCall } from "../soft-phone/soft-call.ts";
import { SoftPhone } from "../soft-phone/soft-phone.ts";
import type { SwitchEvent, SwitchEventBody } from "../switch.ts";
import { EmbeddedSwitch } from "./embedded-switch.ts";
import { ListDirectory } from "./testing/list-directory.ts";

const HOST = "127.0.0.1";
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of open.splice(0).reverse()) await close();
});

/** Names that are known until the look-up is out of order. */
class FragileDns implements DnsResolver {
  isGone = false;
  asked = 0;

  async naptr(): Promise<DnsAnswer<never>> {
    return this.#gone ?? { kind: "none" };
  }

  async srv(): Promise<DnsAnswer<never>> {
    return this.#gone ?? { kind: "none" };
  }

  async addresses(): Promise<DnsAnswer<string>> {
    this.asked++;
    return this.#gone ?? { kind: "records", records: [HOST], ttlSeconds: 0 };
  }

  get #gone(): DnsAnswer<never> | undefined {
    return this.isGone ? { kind: "failed", cause: new Error("no name server answers") } : undefined;
  }
}

/** A switch in this thread, a phone in a call with it, and a carrier reached by name. */
async function world(dns?: DnsResolver) {
  const clock = new SystemClock();
  const random = new SecureRandom();
  const ids = new UuidV7(clock, random);
  const host = (): Promise<MediaHost> =>
    LocalMediaHost.start(
      { bindAddress: HOST, rtpPorts: { min: 0, max: 0 }, webrtcPort: 0, mediaTimeoutMs: 2_000 },
      { clock, random },
    );
  const media = await host();
  open.push(() => media.close());
  const directory = new ListDirectory();
  const sw = new EmbeddedSwitch({
    switchId: "one",
    clock,
    random,
    ids,
    log: SILENT_LOG,
    directory,
    media: await host(),
    advertisedAddress: HOST,
    trunkPingMs: 0,
    ...(dns ? { resolver: dns } : {}),
  });
  open.push(() => sw.close());
  const { port } = await sw.listenUdp({ host: HOST, port: 0 });
  const seen: SwitchEvent[] = [];
  sw.events.on((event) => seen.push(event));
  const next = <T extends SwitchEventBody["type"]>(type: T, legId: LegId): Promise<SwitchEvent> =>
    vi.waitUntil(() => seen.find((e) => e.type === type && "legId" in e && e.legId === legId), {
      timeout: 10_000,
      interval: 10,
    });
  const common = { clock, random, ids, log: SILENT_LOG, media, host: HOST, server: { host: HOST, port } };
  const phone = await SoftPhone.start({ ...common, user: "phone", password: "secret" });
  open.push(() => phone.close());
  directory.accounts.push({
    endpointId: "phone" as EndpointId,
    user: "phone",
    kind: "phone",
    ha1: makeHa1("phone", directory.realm, "secret"),
  });
  await phone.register();
  const carrier = await SoftPhone.start({ ...common, user: "0701", rings: false });
  open.push(() => carrier.close());
  directory.trunkList = [
    {
      trunkId: "trunk" as TrunkId,
      addresses: [],
      register: false,
      peer: { host: "carrier.test", port: carrier.port, transport: "udp" },
    },
  ];
  const arrives = (at: SoftPhone): Promise<SoftCall> =>
    new Promise((resolve) => {
      const waiting = at.incoming.on((call) => {
        waiting.dispose();
        resolve(call);
      });
    });
  const talk = async (legId: LegId): Promise<SoftCall> => {
    const arriving = arrives(phone);
    await sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: "phone" as EndpointId },
      ringTimeoutMs: 5_000,
    });
    const call = await arriving;
    await call.answer();
    await call.say([{ silenceMs: 1_000 }], true);
    await next("leg.answered", legId);
    await next("leg.media", legId);
    return call;
  };
  const callOut = async (legId: LegId): Promise<SoftCall> => {
    const arriving = arrives(carrier);
    await sw.originate({
      legId,
      target: { kind: "number", routes: [{ trunkId: "trunk" as TrunkId, number: "0701" }] },
      ringTimeoutMs: 5_000,
    });
    return arriving;
  };
  return { sw, seen, next, talk, callOut, phone };
}

const legs = { one: "one" as LegId, two: "two" as LegId, three: "three" as LegId };

it("[TE46] the wall clock may jump by hours: calls go on, and timers keep their time", async () => {
  const { sw, seen, talk, next, phone } = await world();
  await talk(legs.one);
  phone.incoming.on(() => undefined); // rings and is not answered
  const real = Date.now.bind(Date);
  for (const [turn, hours] of [5, -5].entries()) {
    vi.spyOn(Date, "now").mockImplementation(() => real() + hours * 3_600_000);
    // a phone that does not answer rings its time and no longer
    const legId = `ringing-${turn}` as LegId;
    await sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: "phone" as EndpointId },
      ringTimeoutMs: 2_500, // beyond the media time-out
    });
    expect(await next("leg.ended", legId)).toMatchObject({ end: { cause: "no_answer" } });
    vi.restoreAllMocks();
  }
  expect(seen.some((e) => e.type === "leg.ended" && e.legId === legs.one)).toBe(false);
  expect(sw.isRegistered("phone" as EndpointId)).toBe(true);
  const times = seen.map((e) => e.at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

it("[TE47] without DNS phones and calls are as before, and a trunk is called where it was", async () => {
  const dns = new FragileDns();
  const { sw, seen, talk, callOut, next } = await world(dns);
  const first = await callOut(legs.one);
  await first.answer();
  await first.say([{ silenceMs: 1_000 }], true);
  await next("leg.answered", legs.one);
  dns.isGone = true;
  const asked = dns.asked;
  await talk(legs.two);
  // what was found is kept for some seconds; then the name servers are asked in vain
  for (let turn = 0; dns.asked === asked; turn++) {
    (await callOut(`try-${turn}` as LegId)).reject(486);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const second = await callOut(legs.three);
  await second.answer();
  await next("leg.answered", legs.three);
  expect(sw.isRegistered("phone" as EndpointId)).toBe(true);
  expect(seen.some((e) => e.type === "leg.ended" && !e.legId.startsWith("try-"))).toBe(false);
});
