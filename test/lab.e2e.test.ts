import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Baresip } from "./support/baresip.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";

const ready = meets("baresip");

let server: TestServer;
const phones: Baresip[] = [];

beforeAll(async () => {
  if (ready) server = await startTestServer({ demo: { callsPerHour: 0, agents: 0, lab: true } });
});

afterEach(async ({ task }) => {
  for (const phone of phones.splice(0)) await phone.close();
  if (task.result?.state === "fail") console.error(server.complaints());
});

afterAll(async () => {
  await server?.close();
});

async function phone(
  user: string,
  hz: number,
  transport: "udp" | "tcp" | "tls",
  encrypted = false,
): Promise<Baresip> {
  const { host, port } = server.sip;
  const started = await Baresip.start({
    user,
    password: `pw${user}`,
    hz,
    transport,
    encrypted,
    server: { host, port: transport === "tls" ? port + 1 : port },
  });
  phones.push(started);
  await started.says(/200 OK/);
  return started;
}

test.each([
  ["udp", false],
  ["tcp", false],
  ["tls", true],
] as const)(
  "a stranger's phone over %s (encrypted: %s) hears itself at the echo number",
  async (transport, encrypted) => {
    const caller = await phone("1001", TONES.customer, transport, encrypted);
    await caller.command("dial", "600");
    await caller.hears(TONES.customer);
    await caller.command("hangup");
  },
);

test("two phones call each other, the one encrypted over TLS, the other over UDP, and a key comes through", async () => {
  const [alice, bob] = [
    await phone("1001", TONES.customer, "tls", true),
    await phone("1002", TONES.agent, "udp"),
  ];
  await alice.command("dial", "1002");
  await bob.says(/Incoming call/i);
  await bob.command("accept");
  await Promise.all([alice.hears(TONES.agent), bob.hears(TONES.customer)]);
  await alice.command("sndcode", "7");
  await expect.poll(() => bob.keys(), { timeout: 10_000 }).toBe("7");
  await bob.command("hangup");
  await alice.says(/terminated|closed/i);
});
