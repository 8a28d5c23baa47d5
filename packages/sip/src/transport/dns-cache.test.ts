import { createSocket } from "node:dgram";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeDns } from "../testing.ts";
import { DnsCache } from "./dns-cache.ts";
import { systemDns } from "./dns-resolver.ts";

let clock = new ManualClock();
let dns = new FakeDns();
let cache = new DnsCache(clock, dns);

beforeEach(() => {
  clock = new ManualClock();
  dns = new FakeDns();
  cache = new DnsCache(clock, dns);
});

describe("DnsCache", () => {
  test("[SIP57] an answer is kept for its time", async () => {
    dns.ttlSeconds = 30;
    dns.hosts.set("a.test", ["10.0.0.1"]);
    await cache.addresses("a.test");
    dns.hosts.set("a.test", ["10.0.0.2"]);
    clock.advance(29_999);
    expect(await cache.addresses("a.test")).toMatchObject({ records: ["10.0.0.1"] });
    clock.advance(1);
    expect(await cache.addresses("a.test")).toMatchObject({ records: ["10.0.0.2"] });
    expect(dns.asked).toHaveLength(2);
  });

  test("[SIP57] absence is kept for half a minute", async () => {
    expect(await cache.srv("_sip._udp.a.test")).toEqual({ kind: "none" });
    dns.srvRecords.set("_sip._udp.a.test", [{ name: "b.test", port: 1, priority: 1, weight: 1 }]);
    clock.advance(29_999);
    expect(await cache.srv("_sip._udp.a.test")).toEqual({ kind: "none" });
    clock.advance(1);
    expect(await cache.srv("_sip._udp.a.test")).toMatchObject({ kind: "records" });
  });

  test("[SIP57] when the name servers fall silent the last good answer serves, for a week", async () => {
    dns.hosts.set("a.test", ["10.0.0.1"]);
    await cache.addresses("a.test");
    dns.silent = true;
    for (const day of [1, 6]) {
      clock.advance(day * 86_000_000);
      expect(await cache.addresses("a.test")).toMatchObject({ records: ["10.0.0.1"] });
    }
    clock.advance(86_400_000);
    expect(await cache.addresses("a.test")).toMatchObject({ kind: "failed" });
    dns.silent = false;
    clock.advance(5_000);
    expect(await cache.addresses("a.test")).toMatchObject({ records: ["10.0.0.1"] });
  });

  test("[SIP57] a silent name server is not asked again for five seconds, nor many times at once", async () => {
    dns.silent = true;
    await Promise.all([cache.addresses("a.test"), cache.addresses("a.test")]);
    clock.advance(4_999);
    await cache.addresses("a.test");
    expect(dns.asked).toHaveLength(1);
  });

  test("[SIP57] with an old answer at hand nobody waits long for a new one", async () => {
    dns.hosts.set("a.test", ["10.0.0.1"]);
    await cache.addresses("a.test");
    clock.advance(60_000);
    let answerNow: (() => void) | undefined;
    dns.addresses = () =>
      new Promise((resolve) => {
        answerNow = () => resolve({ kind: "records", records: ["10.0.0.2"] });
      });
    const old = cache.addresses("a.test");
    clock.advance(500);
    expect(await old).toMatchObject({ records: ["10.0.0.1"] });
    answerNow?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(await cache.addresses("a.test")).toMatchObject({ records: ["10.0.0.2"] });
    expect(clock.pending).toBe(0);
  });

  test("[SIP57] names without end do not fill the memory", async () => {
    for (let i = 0; i < 3_000; i++) await cache.addresses(`h${i}.test`);
    expect(cache.size).toBe(2_000);
  });
});

describe("systemDns", () => {
  const open: { close(): void }[] = [];

  afterEach(() => {
    for (const item of open.splice(0)) item.close();
  });

  /** A name server on loopback that answers from `records` (name and type to RDATA); unknown names are absent. */
  async function nameServer(records: Readonly<Record<string, readonly Buffer[]>>): Promise<string> {
    const socket = createSocket("udp4");
    open.push(socket);
    socket.on("message", (query, from) => {
      const { name, type, end } = question(query);
      const answers = records[`${name} ${type}`];
      const known =
        answers ?? (Object.keys(records).some((key) => key.startsWith(`${name} `)) ? [] : undefined);
      const head = Buffer.from(query.subarray(0, 12));
      head.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
      head.writeUInt16BE(known?.length ?? 0, 6);
      head.fill(0, 8, 12);
      const lines = (known ?? []).map((data) => {
        const line = Buffer.alloc(12);
        line.writeUInt16BE(0xc00c, 0); // the name of the question
        line.writeUInt16BE(type, 2);
        line.writeUInt16BE(1, 4);
        line.writeUInt32BE(77, 6);
        line.writeUInt16BE(data.length, 10);
        return Buffer.concat([line, data]);
      });
      socket.send(Buffer.concat([head, query.subarray(12, end), ...lines]), from.port, from.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    return `127.0.0.1:${socket.address().port}`;
  }

  function question(query: Buffer): { name: string; type: number; end: number } {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
  }

  const words = (...values: number[]): Buffer => Buffer.from(values.flatMap((v) => [v >> 8, v & 255]));
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const host = (value: string): Buffer => Buffer.concat([...value.split(".").map(text), Buffer.from([0])]);
  const [A, SRV, NAPTR] = [1, 33, 35];

  test("[SIP55] a real name server is asked for NAPTR, SRV and addresses, and absence is told from silence", async () => {
    const server = await nameServer({
      [`carrier.test ${NAPTR}`]: [
        Buffer.concat([words(10, 20), text("s"), text("SIP+D2U"), text(""), host("_sip._udp.carrier.test")]),
      ],
      [`_sip._udp.carrier.test ${SRV}`]: [Buffer.concat([words(1, 5, 5080), host("edge.carrier.test")])],
      [`edge.carrier.test ${A}`]: [Buffer.from([10, 0, 0, 7])],
    });
    const dns = systemDns([server]);
    open.push({ close: () => dns.close?.() });
    expect(await dns.naptr("carrier.test")).toMatchObject({
      records: [{ order: 10, preference: 20, service: "SIP+D2U", replacement: "_sip._udp.carrier.test" }],
    });
    expect(await dns.srv("_sip._udp.carrier.test")).toMatchObject({
      records: [{ name: "edge.carrier.test", port: 5080, priority: 1, weight: 5 }],
    });
    const addresses = await dns.addresses("edge.carrier.test");
    expect(addresses).toEqual({ kind: "records", records: ["10.0.0.7"], ttlSeconds: 77 });
    expect(await dns.srv("_sip._udp.nowhere.test")).toEqual({ kind: "none" });
    const nobody = systemDns(["127.0.0.1:1"]);
    expect(await nobody.srv("_sip._udp.carrier.test")).toMatchObject({ kind: "failed" });
  });
});
