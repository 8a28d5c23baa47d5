import { createSocket } from "node:dgram";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { api } from "@svara/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstRun } from "../apps/server/src/demo/http-session.ts";
import type { Settings } from "../apps/server/src/settings/settings.ts";
import { testSettings } from "./support/server.ts";
import { ServerProcess } from "./support/server-process.ts";
import { waitFor } from "./support/wait-for.ts";

/** An address of this machine that is not the one a server listens on while it is bound to 127.0.0.1 alone. */
const OTHER_ADDRESS = "127.0.0.2";

describe("the first administrator", () => {
  let settings: Settings;
  let server: ServerProcess;

  beforeAll(async () => {
    settings = { ...(await testSettings()), sipBind: null };
    server = await ServerProcess.start(settings);
  });
  afterAll(async () => {
    await server.stop();
    await rm(settings.dataDir, { recursive: true, force: true });
  });

  it("opens telephony to other addresses, which was bound to this machine before, and stays signed in", async () => {
    expect(await answersSip(OTHER_ADDRESS, settings.sipPort)).toBe(false);
    expect(await answersSip("127.0.0.1", settings.sipPort)).toBe(true);
    const token = new URL(server.firstRunLink ?? "").hash.replace("#token=", "");
    const admin = await firstRun(server.baseUrl, {
      token,
      username: "admin",
      displayName: "Admin",
      password: "a long secret of the admin",
      language: "en",
    });
    await waitFor("SIP answers at another address", () => answersSip(OTHER_ADDRESS, settings.sipPort));
    const session = await waitFor("the API answers again", () => admin.call(api.identity.session, {}));
    expect(session.user.username).toBe("admin");
  });
});

/** Whether an OPTIONS over UDP is answered, by whatever status, within half a second. */
async function answersSip(host: string, port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  socket.bind(0, host);
  await once(socket, "listening");
  const own = socket.address().port;
  const request = [
    `OPTIONS sip:svara@${host}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${own};branch=z9hG4bK${own}${performance.now().toFixed(0)};rport`,
    "Max-Forwards: 70",
    `From: <sip:test@${host}>;tag=${own}`,
    `To: <sip:svara@${host}>`,
    `Call-ID: ${own}-${performance.now()}@${host}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  try {
    socket.send(request, port, host);
    socket.on("error", () => undefined);
    const [message] = (await once(socket, "message", { signal: AbortSignal.timeout(500) })) as [Buffer];
    return message.toString().startsWith("SIP/2.0 ");
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
