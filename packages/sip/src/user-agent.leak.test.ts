import { connect, type Socket } from "node:net";
import { SystemClock } from "@svara/kernel";
import { expect, test } from "vitest";
import { FixedAuthority, RawPeer, rawRequest, sdp, settle, TestPair, testAgent } from "./testing.ts";

test("[SIP68] five hundred connections with ten requests each leave nothing", async () => {
  const server = testAgent({
    clock: new SystemClock(),
    limits: { floodBurst: 10_000, maxConnectionsPerSource: 100 },
  });
  const { port } = await server.listenTcp({ host: "127.0.0.1", port: 0 });
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => visit(port, round * 50 + i)));
  }
  while (server.stats.connections > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(server.stats).toMatchObject({
    received: 5_000,
    clientTransactions: 0,
    serverTransactions: 0,
    connections: 0,
    dialogs: 0,
    callsInSetup: 0,
  });
  expect(server.stats.sources).toBe(1);
  await server.close();
});

/** Ten OPTIONS in one piece over a connection of its own. */
async function visit(port: number, n: number): Promise<void> {
  const socket: Socket = connect({ port, host: "127.0.0.1" });
  let answers = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      answers += chunk.toString().split("SIP/2.0 200").length - 1;
      if (answers >= 10) socket.end();
    });
    socket.on("close", () => resolve());
    const one = (i: number): string => {
      const Via = `SIP/2.0/TCP 10.0.0.9;branch=z9hG4bK${n}x${i}`;
      return rawRequest("OPTIONS", { seq: i + 1, headers: { Via, "Call-ID": `leak-${n}-${i}` } })
        .toBytes()
        .toString();
    };
    socket.write(Array.from({ length: 10 }, (_, i) => one(i)).join(""));
  });
}

test("[SIP68] five thousand transactions over UDP and a thousand calls leave nothing but the clock", async () => {
  const authority = new FixedAuthority({}, { "10.0.0.1": "trunk-alice", "10.0.0.9": "trunk" });
  const pair = new TestPair({ bob: { authority } });
  pair.bob.onInvite.on((call) => void call.answer(sdp(2)));
  const raw = new RawPeer(pair.network, "10.0.0.9");
  for (let i = 0; i < 5_000; i++) {
    const headers = { Via: `SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKu${i}`, "Call-ID": `u-${i}` };
    raw.send(rawRequest("OPTIONS", { seq: i + 1, headers }));
  }
  for (let i = 0; i < 1_000; i++) {
    const call = pair.alice.invite(
      { kind: "uri", uri: "sip:100@10.0.0.2" },
      { offer: sdp(1), from: { user: "1" } },
    );
    call.accepted.on(({ dialog }) => dialog.bye());
  }
  await settle();
  expect(pair.bob.stats.serverTransactions).toBeGreaterThan(0);
  await pair.pass(70_000);
  const idle = { dialogs: 0, callsInSetup: 0, clientTransactions: 0, serverTransactions: 0, connections: 0 };
  expect(pair.bob.stats).toMatchObject({ ...idle, bans: 0 });
  expect(pair.alice.stats).toMatchObject(idle);
  expect(pair.clock.pending).toBe(0);
  expect(await pair.close()).toBe(true);
});
