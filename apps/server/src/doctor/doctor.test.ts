import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecureRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../settings/settings.ts";
import { localNames, makeCertificate } from "../tls/index.ts";
import { judgeAudio } from "./audio-loop.ts";
import { judgeSkew } from "./database-check.ts";
import { checkDisk, judgeSpace, judgeSpeed } from "./disk-check.ts";
import { portsOf } from "./doctor.ts";
import { fail, ok, warn, worst } from "./finding.ts";
import { checkMediaPorts, judgeMediaPorts, udpPortsIn } from "./media-port-check.ts";
import { checkPorts, type PortUse, probePort } from "./port-check.ts";
import { checkSipTls, checkTls } from "./tls-check.ts";
import { mulawSamples, toneOnsetMs, toneShare } from "./tone-share.ts";

const DAY_MS = 86_400_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-doctor-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("findings together", () => {
  test("the worst wins, and only what is wrong is told", () => {
    expect(worst([ok("a"), ok("b")])).toEqual(ok("a; b"));
    expect(worst([ok("a"), warn("b", "x")])).toEqual(warn("b", "x"));
    expect(worst([fail("c", "y"), warn("b", "x")])).toEqual(fail("c; b", "y; x"));
  });
});

describe("ports", () => {
  const use = (protocol: "tcp" | "udp", port: number, host = "127.0.0.1"): PortUse => ({
    what: "SIP",
    protocol,
    host,
    port,
    settings: { host: "SVARA_SIP_BIND", port: "SVARA_SIP_PORT" },
  });

  test("a TCP port that another program holds is told with the setting that moves it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await checkPorts([use("tcp", port)], false)).toMatchObject({
      verdict: "fail",
      message: `SIP (tcp 127.0.0.1:${port}) is taken by another program`,
      remedy: "end that program, or set SVARA_SIP_PORT to a free port",
    });
    expect((await checkPorts([use("tcp", port)], true)).verdict).toBe("ok");
    server.close();
    await once(server, "close");
    expect((await checkPorts([use("tcp", port)], false)).verdict).toBe("ok");
  });

  test("so is a UDP port", async () => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    expect(await probePort(use("udp", port))).toBe("taken");
    socket.close();
    await once(socket, "close");
    expect(await probePort(use("udp", port))).toBe("free");
  });

  test("an address of another machine is told", async () => {
    const finding = await checkPorts([use("tcp", 0, "192.0.2.1")], false);
    expect(finding).toMatchObject({
      verdict: "fail",
      message: "192.0.2.1 is not an address of this machine",
    });
  });

  test("a range of media ports is judged by the calls it holds, without what others hold", async () => {
    expect((await checkMediaPorts({ min: 40_000, max: 40_000 }, "127.0.0.1", true)).verdict).toBe("fail");
    expect((await checkMediaPorts({ min: 40_000, max: 40_019 }, "127.0.0.1", true)).verdict).toBe("warn");
    const range = { min: 40_000, max: 41_999 };
    expect(judgeMediaPorts(range, [], false)).toEqual(
      ok("media ports 40000-41999: room for 1000 phone legs"),
    );
    expect(judgeMediaPorts(range, [40_000, 40_002, 40_004, 40_006, 40_008, 40_010], false)).toMatchObject({
      verdict: "warn",
      message:
        "media ports 40000-41999: room for 997 phone legs; other programs hold 40000, 40002, 40004, 40006, 40008 and 1 more",
      remedy: expect.stringContaining("SVARA_RTP_PORTS"),
    });
    expect(judgeMediaPorts(range, [40_000, 40_001], true).verdict).toBe("ok");
  });

  test.runIf(existsSync("/proc/net/udp"))("a media port that another program holds is counted", async () => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    expect((await checkMediaPorts({ min: port, max: port + 1 }, "127.0.0.1", false)).verdict).toBe("fail");
    socket.close();
    await once(socket, "close");
  });

  test("the table of UDP sockets of Linux is read", () => {
    const table = [
      "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "  214: 0100007F:4E20 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0",
      "  215: 00000000000000000000000001000000:4E22 00000000000000000000000000000000:0000 07 0 0",
    ].join("\n");
    expect(udpPortsIn(table)).toEqual([20_000, 20_002]);
  });

  test("each media host has a port for browsers, and TLS the port after SIP's", () => {
    const settings = readSettings({
      SVARA_HTTP_HOST: "127.0.0.1",
      SVARA_SIP_PORT: "5070",
      SVARA_WEBRTC_PORT: "7000",
      SVARA_MEDIA_HOSTS: "3",
    });
    const named = (tls: boolean) => portsOf(settings, tls).map(({ protocol, port }) => `${protocol} ${port}`);
    expect(named(false)).toEqual(["tcp 8080", "udp 5070", "tcp 5070", "udp 7000", "udp 7001", "udp 7002"]);
    expect(named(true)).toContain("tcp 5071");
  });
});

describe("disk", () => {
  test("a full disk fails, a filling one warns, in hours of calls", () => {
    expect(judgeSpace("/d", 0.5e9).verdict).toBe("fail");
    expect(judgeSpace("/d", 5e9).verdict).toBe("warn");
    expect(judgeSpace("/d", 57.6e9)).toEqual(ok("57.6 GB free at /d, about 1000 hours of recorded calls"));
  });

  test("a slow disk is told in calls that can be recorded", () => {
    expect(judgeSpeed("/d", { bytesPerSecond: 160e6, slowestMs: 5 })).toEqual(
      ok("/d takes 160 MB/s, enough to record 10000 calls at once, slowest write 5 ms"),
    );
    expect(judgeSpeed("/d", { bytesPerSecond: 1.6e6, slowestMs: 5 }).message).toContain("100 calls at once");
    expect(judgeSpeed("/d", { bytesPerSecond: 160e6, slowestMs: 200 }).verdict).toBe("warn");
  });

  test("a data folder that is not there yet is judged by where it will be", async () => {
    expect((await checkDisk(join(folder, "a", "b"))).message).toContain(folder);
  });

  test.runIf(existsSync("/dev/shm"))("recordings on a disk of their own are looked at as well", async () => {
    mkdirSync(join(folder, "own"));
    symlinkSync("/dev/shm", join(folder, "own", "recordings"));
    expect((await checkDisk(join(folder, "own"))).message).toContain(join("own", "recordings"));
  });
});

describe("clock", () => {
  test("a difference beyond what the question itself took is told with its direction", () => {
    expect(judgeSkew(900, 1).verdict).toBe("ok");
    expect(judgeSkew(-1400, 500).verdict).toBe("ok");
    expect(judgeSkew(3000, 1)).toMatchObject({
      verdict: "warn",
      message: "this machine's clock is 3000 ms behind the database's",
    });
    expect(judgeSkew(-3000, 1).message).toContain("ahead of");
  });
});

describe("TLS", () => {
  const clock = new ManualClock(Date.UTC(2026, 5, 1));
  const make = (names = localNames()) =>
    makeCertificate({ dataDir: folder, names }, { clock, random: new SecureRandom() });

  test("without a certificate only a desk for other machines is in trouble", () => {
    expect(checkTls(undefined, "127.0.0.1", clock.now()).verdict).toBe("ok");
    expect(checkTls(undefined, "0.0.0.0", clock.now()).verdict).toBe("warn");
  });

  test("a certificate is fine, then about to end, then over", () => {
    const made = make();
    expect(checkTls(made, "0.0.0.0", clock.now()).verdict).toBe("ok");
    expect(checkTls(made, "0.0.0.0", made.validUntil - 10 * DAY_MS).message).toContain("ends in 10 days");
    expect(checkTls(made, "0.0.0.0", made.validUntil).verdict).toBe("fail");
    expect(checkTls(made, "0.0.0.0", clock.now() - 3 * DAY_MS).message).toContain("not valid yet");
  });

  test("one that lacks a present name warns", () => {
    const made = make({ dns: ["localhost"], ip: ["127.0.0.1"] });
    expect(checkTls(made, "0.0.0.0", clock.now())).toMatchObject({
      verdict: "warn",
      message: expect.stringContaining("does not name "),
    });
  });

  test("a key of another certificate and a file that is none fail", () => {
    const made = make();
    const elsewhere = join(folder, "else.pem");
    writeFileSync(elsewhere, "nonsense");
    expect(
      checkTls({ ...made, keyPath: join(folder, "tls", "ca-key.pem") }, "0.0.0.0", clock.now()).message,
    ).toContain("is not the key");
    expect(checkTls({ ...made, certPath: elsewhere }, "0.0.0.0", clock.now()).message).toContain(
      "cannot be read",
    );
    expect(checkTls({ ...made, certPath: join(folder, "gone.pem") }, "0.0.0.0", clock.now()).verdict).toBe(
      "fail",
    );
  });
});

describe("the chain of certificates", () => {
  const clock = new ManualClock(Date.UTC(2026, 5, 1));

  test("SIP over TLS shakes hands with the files, and says when it cannot", async () => {
    const made = makeCertificate(
      { dataDir: folder, names: localNames() },
      { clock, random: new SecureRandom() },
    );
    expect(await checkSipTls(undefined, undefined)).toEqual([]);
    expect((await checkSipTls(made, undefined))[0]).toMatchObject({
      verdict: "ok",
      message: expect.stringMatching(/^SIP over TLS shakes hands in \d+ ms \(TLSv1\.3\)$/),
    });
    expect((await checkSipTls(made, { host: "127.0.0.1", port: 1 }))[0]).toMatchObject({
      verdict: "fail",
      remedy: expect.stringContaining("SVARA_SIP_PORT"),
    });
  });

  test("a certificate that the next one did not issue fails", () => {
    const made = makeCertificate(
      { dataDir: folder, names: localNames() },
      { clock, random: new SecureRandom() },
    );
    const own = readFileSync(made.certPath, "latin1").match(
      /-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/,
    )?.[0];
    const twice = join(folder, "twice.pem");
    writeFileSync(twice, `${own}\n${own}\n`);
    expect(checkTls({ ...made, certPath: twice }, "0.0.0.0", clock.now())).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("did not issue the one before it"),
    });
  });
});

describe("audio loop", () => {
  /** Mu-law of a sine of `hz`, between `from` and `to` of a second of silence. */
  function recording(hz: number, from: number, to: number): Buffer {
    const codes = Array.from({ length: 8000 }, (_, i) => {
      if (i < from * 8000 || i >= to * 8000) return 0xff;
      const value = Math.sin((2 * Math.PI * hz * i) / 8000) * 8000;
      const exponent = Math.max(0, Math.floor(Math.log2(Math.abs(value) + 0x84)) - 7);
      const mantissa = ((Math.abs(value) + 0x84) >> (exponent + 3)) & 0x0f;
      return ~((value < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
    });
    return Buffer.concat([Buffer.from("RIFF0000WAVEdata0000"), Buffer.from(codes)]);
  }
  const share = (file: Buffer) => toneShare(mulawSamples(file), 1000, 8000);

  test("a tone is found for as long as it sounds, another one and silence are not", () => {
    expect(share(recording(1000, 0, 1))).toBeGreaterThan(0.95);
    expect(share(recording(1000, 0.3, 0.5))).toBeGreaterThan(0.9);
    expect(share(recording(1600, 0, 1))).toBeLessThan(0.05);
    expect(share(recording(1000, 0, 0))).toBe(0);
    expect(share(Buffer.from("RIFF0000WAVE"))).toBe(0);
  });

  test("a tone's beginning is found to the block", () => {
    expect(toneOnsetMs(mulawSamples(recording(1000, 0.3, 0.5)), 1000, 8000)).toBe(300);
    expect(toneOnsetMs(mulawSamples(recording(1600, 0.3, 0.5)), 1000, 8000)).toBeNull();
  });

  test("the tone's share of what was heard decides", () => {
    const heard = { share: 0.9, heardMs: 900, delayMs: 40, lost: 0, packets: 45 };
    expect(judgeAudio(heard)).toMatchObject({
      verdict: "ok",
      message:
        "a 1000 Hz tone from one leg to another: 90 % of what was heard in 900 ms, after 40 ms, 0 of 45 packets lost",
    });
    expect(judgeAudio({ ...heard, share: 0.2 }).verdict).toBe("warn");
    expect(judgeAudio({ ...heard, lost: 3 }).message).toMatch(/^broken up/);
    expect(judgeAudio({ ...heard, delayMs: 400 }).message).toMatch(/^late/);
    expect(judgeAudio({ ...heard, share: 0, delayMs: null }).verdict).toBe("fail");
  });
});
