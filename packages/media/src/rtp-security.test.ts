import { Signal } from "@svara/kernel";
import { expect, it } from "vitest";
import { RtpSecurity } from "./rtp-security.ts";
import type { RemoteMedia, TransportAddress } from "./sdp.ts";

it("[ME76] strangers' handshakes without end neither end the call nor use up the party's own", () => {
  const party: TransportAddress = { address: "192.0.2.1", port: 4000 };
  const opened: { readonly connected: Signal<unknown>; readonly failed: Signal<unknown> }[] = [];
  const told: string[] = [];
  const security = new RtpSecurity({
    dtls: () => ({
      fingerprint: "",
      open: () => {
        const association = {
          connected: new Signal<unknown>(),
          failed: new Signal<unknown>(),
          receive() {},
          close() {},
          settled: async () => undefined,
        };
        opened.push(association);
        return association as never;
      },
    }),
    send: () => undefined,
    onConnected: () => told.push("connected"),
    onFailed: (reason) => told.push(reason),
  });
  const keys = { type: "dtls", fingerprints: [{ algorithm: "sha-256", value: "AA" }], setup: "actpass" };
  security.apply({ keys, rtp: party, rtcp: null } as unknown as RemoteMedia, null);
  for (let port = 1; port <= 20; port++) {
    security.receiveDtls(Buffer.alloc(13, 22), { address: "198.51.100.1", port }, "rtp");
    opened[port - 1]?.failed.emit({ reason: "forged", retryable: false });
  }
  expect(opened).toHaveLength(8);
  expect(told).toEqual([]);
  security.receiveDtls(Buffer.alloc(13, 22), party, "rtp");
  const master = { key: Buffer.alloc(16), salt: Buffer.alloc(14) };
  opened[8]?.connected.emit({ profile: "AES_CM_128_HMAC_SHA1_80", local: master, remote: master });
  expect(told).toEqual(["connected"]);
  security.close();
});
