import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { type Clock, SecureRandom, SystemClock } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addressBytes } from "./certificate.ts";
import { findCertificate, type LocalCertificate, makeCertificate } from "./local-certificate.ts";
import { localNames } from "./local-names.ts";

const YEAR_MS = 365 * 86_400_000;
const names = { dns: ["localhost", "svara-test"], ip: ["127.0.0.1", "::1", "192.168.7.9"] };
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "svara-tls-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function make(clock: Clock = new SystemClock(), renewAuthority = false): LocalCertificate {
  return makeCertificate({ dataDir, names, renewAuthority }, { clock, random: new SecureRandom() });
}

/** What a client that trusts `ca` learns when it connects to a server with `made`. */
async function handshake(made: LocalCertificate, ca: string, servername: string) {
  const server = createServer(
    { cert: readFileSync(made.certPath), key: readFileSync(made.keyPath) },
    (socket) => socket.end(),
  );
  server.on("tlsClientError", () => {}); // a client that refuses us is what one test wants
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", ca, servername, checkServerIdentity: () => undefined });
  try {
    await once(client, "secureConnect");
    return { authorized: client.authorized, protocol: client.getProtocol() };
  } finally {
    client.destroy();
    server.close();
  }
}

describe("local certificate", () => {
  test("a client that trusts the authority completes a handshake", async () => {
    const made = make();
    const outcome = await handshake(made, readFileSync(made.authorityPath, "utf8"), "localhost");
    expect(outcome).toEqual({ authorized: true, protocol: "TLSv1.3" });
  });

  test("a client that trusts another authority refuses it", async () => {
    const strangers = readFileSync(make().authorityPath, "utf8");
    const made = make(undefined, true);
    await expect(handshake(made, strangers, "localhost")).rejects.toThrow(/certificate/);
  });

  test("it names all the names, and nothing else", () => {
    const certificate = new X509Certificate(readFileSync(make().certPath));
    expect(certificate.subjectAltName?.split(", ")).toEqual([
      "DNS:localhost",
      "DNS:svara-test",
      "IP Address:127.0.0.1",
      "IP Address:0:0:0:0:0:0:0:1",
      "IP Address:192.168.7.9",
    ]);
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkIP("192.168.7.9")).toBe("192.168.7.9");
    expect(certificate.checkHost("elsewhere")).toBeUndefined();
  });

  test("it is signed by the authority, is no authority itself, and serves servers only", () => {
    const made = make();
    const certificate = new X509Certificate(readFileSync(made.certPath));
    const authority = new X509Certificate(readFileSync(made.authorityPath));
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.validToDate.getTime()).toBe(Math.floor(made.validUntil / 1000) * 1000);
  });

  test("private keys are their owner's only, also where a half-written one was open to all", () => {
    const { keyPath } = make();
    writeFileSync(`${keyPath}.new`, "");
    chmodSync(`${keyPath}.new`, 0o666);
    make();
    for (const path of [keyPath, join(dataDir, "tls", "ca-key.pem")]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
  });

  test("a second certificate keeps the authority that devices trust already", () => {
    const first = make();
    const authority = readFileSync(first.authorityPath, "utf8");
    const second = make();
    expect([first.authorityIsNew, second.authorityIsNew]).toEqual([true, false]);
    expect(readFileSync(second.authorityPath, "utf8")).toBe(authority);
    expect(second.keyPath).toBe(first.keyPath);
  });

  test("an authority that would end before its certificate is replaced", () => {
    const clock = new ManualClock();
    expect(make(clock).authorityIsNew).toBe(true);
    clock.advance(8 * YEAR_MS);
    expect(make(clock).authorityIsNew).toBe(false);
    clock.advance(YEAR_MS);
    expect(make(clock).authorityIsNew).toBe(true);
  });

  test("the server finds what was made", () => {
    expect(findCertificate(dataDir)).toBeUndefined();
    const { certPath, keyPath } = make();
    expect(findCertificate(dataDir)).toEqual({ certPath, keyPath });
  });
});

describe("names of the machine", () => {
  test("addresses of the network count, link-local and odd host names do not", () => {
    const found = localNames(["Phones.Example", "10.1.1.1"], {
      hostname: "Desk_1",
      interfaces: {
        lo: [{ address: "127.0.0.1", internal: true }],
        eth0: [
          { address: "192.168.1.5", internal: false },
          { address: "fe80::1", internal: false },
          { address: "fd00::5", internal: false },
        ],
      },
    });
    expect(found).toEqual({
      dns: ["localhost", "phones.example"],
      ip: ["127.0.0.1", "::1", "192.168.1.5", "fd00::5", "10.1.1.1"],
    });
  });

  test("a short host name is also reached as .local", () => {
    expect(localNames([], { hostname: "desk", interfaces: {} }).dns).toEqual([
      "localhost",
      "desk",
      "desk.local",
    ]);
  });

  test.each([
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["2001:db8::8:800:200c:417a", "20010db80000000000080800200c417a"],
    ["fd00:1:2:3:4:5:6:7", "fd000001000200030004000500060007"],
    ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
    ["10.0.0.255", "0a0000ff"],
  ])("%s is written as bytes", (address, bytes) => {
    expect(Buffer.from(addressBytes(address)).toString("hex")).toBe(bytes);
  });
});
