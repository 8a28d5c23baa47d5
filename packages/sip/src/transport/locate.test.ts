import { SeededRandom } from "@svara/kernel";
import { beforeEach, describe, expect, test } from "vitest";
import { parseUri } from "../message/uri.ts";
import { FakeDns } from "../testing.ts";
import type { SrvRecord } from "./dns-resolver.ts";
import { inTurn, locate } from "./locate.ts";

let dns = new FakeDns();

beforeEach(() => {
  dns = new FakeDns();
});

/** Where a request to `uri` goes, as `protocol address:port`, in order. */
async function hops(uri: string, seed = 1): Promise<string[]> {
  const found = await locate(parseUri(uri), { dns, random: new SeededRandom(seed) });
  return found.map(({ protocol, host, port }) => `${protocol} ${host}:${port}`);
}

function srv(name: string, port: number, priority = 1, weight = 0): SrvRecord {
  return { name, port, priority, weight };
}

describe("locate", () => {
  test.each([
    ["sip:1@10.0.0.1", "udp 10.0.0.1:5060"],
    ["sip:1@10.0.0.1:5070;transport=tcp", "tcp 10.0.0.1:5070"],
    ["sips:1@10.0.0.1", "tls 10.0.0.1:5061"],
    ["sip:1@10.0.0.1;transport=tls", "tls 10.0.0.1:5061"],
    ["sip:1@[2001:db8::1]", "udp 2001:db8::1:5060"],
    ["sip:1@carrier.test;maddr=10.0.0.2", "udp 10.0.0.2:5060"],
  ])("[SIP55] %s needs no look-up", async (uri, hop) => {
    expect(await hops(uri)).toEqual([hop]);
    expect(dns.asked).toEqual([]);
  });

  test("[SIP55] a port given asks for addresses only", async () => {
    dns.hosts.set("carrier.test", ["10.0.0.1", "10.0.0.2"]);
    dns.srvRecords.set("_sip._udp.carrier.test", [srv("no.test", 1)]);
    expect(await hops("sip:1@carrier.test:5080")).toEqual(["udp 10.0.0.1:5080", "udp 10.0.0.2:5080"]);
    expect(dns.asked).toEqual(["addresses carrier.test"]);
  });

  test("[SIP55] a transport given asks for its service, and without one for addresses", async () => {
    dns.hosts.set("a.test", ["10.0.0.1"]);
    dns.hosts.set("carrier.test", ["10.0.0.9"]);
    dns.srvRecords.set("_sip._tcp.carrier.test", [srv("a.test", 5070)]);
    expect(await hops("sip:1@carrier.test;transport=tcp")).toEqual(["tcp 10.0.0.1:5070"]);
    expect(await hops("sips:1@carrier.test")).toEqual(["tls 10.0.0.9:5061"]);
    expect(dns.asked).toContain("srv _sips._tcp.carrier.test");
  });

  test("[SIP55] the domain says by NAPTR which transports it likes, in its order", async () => {
    const naptr = { order: 10, flags: "s" };
    dns.naptrRecords.set("carrier.test", [
      { ...naptr, preference: 20, service: "SIP+D2U", replacement: "u.carrier.test" },
      { ...naptr, preference: 10, service: "SIPS+D2T", replacement: "s.carrier.test" },
      { ...naptr, order: 5, preference: 1, service: "E2U+mail", replacement: "m.carrier.test" },
    ]);
    dns.srvRecords.set("u.carrier.test", [srv("a.test", 5070)]);
    dns.srvRecords.set("s.carrier.test", [srv("a.test", 5071)]);
    dns.hosts.set("a.test", ["10.0.0.1"]);
    expect(await hops("sip:1@carrier.test")).toEqual(["tls 10.0.0.1:5071", "udp 10.0.0.1:5070"]);
  });

  test("[SIP55] without NAPTR every transport's service is asked for", async () => {
    dns.srvRecords.set("_sip._tcp.carrier.test", [srv("a.test", 5070)]);
    dns.srvRecords.set("_sip._udp.carrier.test", [srv("a.test", 5060), srv("b.test", 5060, 2)]);
    dns.hosts.set("a.test", ["10.0.0.1"]);
    dns.hosts.set("b.test", ["10.0.0.2", "10.0.0.3"]);
    expect(await hops("sip:1@carrier.test")).toEqual([
      "udp 10.0.0.1:5060",
      "udp 10.0.0.2:5060",
      "udp 10.0.0.3:5060",
      "tcp 10.0.0.1:5070",
    ]);
  });

  test("[SIP55] a service that is named absent leads nowhere, and a target without address is left out", async () => {
    dns.srvRecords.set("_sip._udp.carrier.test", [srv(".", 0)]);
    dns.srvRecords.set("_sip._tcp.carrier.test", [srv("gone.test", 5060), srv("a.test", 5060, 2)]);
    dns.hosts.set("a.test", ["10.0.0.1"]);
    expect(await hops("sip:1@carrier.test")).toEqual(["tcp 10.0.0.1:5060"]);
  });

  test("[SIP55] a name of the house, without dots, is asked for its address only", async () => {
    dns.hosts.set("gateway", ["10.0.0.7"]);
    expect(await hops("sip:1@gateway")).toEqual(["udp 10.0.0.7:5060"]);
    expect(dns.asked).toEqual(["addresses gateway"]);
  });

  test("[SIP55] a name without address is no way", async () => {
    await expect(hops("sip:1@nowhere.test")).rejects.toMatchObject({ code: "sip.no_transport" });
    expect(() => locate(parseUri("tel:1"), { dns, random: new SeededRandom(1) })).toThrow(
      "not a SIP address",
    );
  });
});

describe("inTurn", () => {
  test("[SIP55] priorities come in order, and within one the weights share", () => {
    const random = new SeededRandom(7);
    const records = [
      srv("late", 1, 9, 100),
      srv("one", 1, 1, 10),
      srv("three", 1, 1, 30),
      srv("never", 1, 1, 0),
    ];
    const first = new Map<string, number>();
    for (let i = 0; i < 8_000; i++) {
      const order = inTurn(records, random).map(({ name }) => name);
      expect(order.at(-1)).toBe("late");
      expect(new Set(order).size).toBe(4);
      first.set(order[0] ?? "", (first.get(order[0] ?? "") ?? 0) + 1);
    }
    expect((first.get("three") ?? 0) / 8_000).toBeCloseTo(0.75, 1);
    expect((first.get("one") ?? 0) / 8_000).toBeCloseTo(0.25, 1);
    expect(first.get("never") ?? 0).toBeLessThan(400); // a small chance (RFC 2782)
  });
});
