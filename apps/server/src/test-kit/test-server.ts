import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { FloorState, PresetRole } from "@svara/contracts";
import { api } from "@svara/contracts";
import type { Logger } from "pino";
import { clientKind } from "../clients/client-kind.ts";
import { type Core, openCore } from "../core.ts";
import { type TestDatabase, testDatabase } from "../database/testing.ts";
import { Listeners } from "../http/listeners.ts";
import { createHttpSide, type HttpSide } from "../http-side.ts";
import { roleKind } from "../identity/role-kind.ts";
import { createLog } from "../settings/log.ts";
import { type IdleLive, idleLive } from "./idle-live.ts";
import { TestClient } from "./test-client.ts";

export interface TestServerOptions {
  readonly log?: Logger;
  readonly floor?: () => FloorState["queues"];
}

/** The whole server over a database of its own and an idle live runtime; nothing listens unless `listen` is called. */
export interface TestServer {
  readonly core: Core;
  readonly side: HttpSide;
  readonly live: IdleLive;
  readonly test: TestDatabase;
  readonly listeners: Listeners;
  /** Signed in as the first administrator. */
  readonly admin: TestClient;
  /** The client that a new centre has. */
  readonly clientId: string;
  /** Nobody yet. */
  client(): TestClient;
  signIn(username: string, password: string): Promise<TestClient>;
  /** A preset role by its word. */
  roleId(preset: PresetRole): string;
  close(): Promise<void>;
}

export const ADMIN = { username: "admin", password: "correct horse battery" };

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const test = await testDatabase();
  const dataDir = mkdtempSync(path.join(tmpdir(), "svara-test-"));
  const log = options.log ?? createLog("silent");
  const core = await openCore(
    { dataDir, databaseUrl: null, secretKey: null },
    { log, database: test.database },
  );
  const live = idleLive(options.floor);
  const listeners = new Listeners({});
  const side = await createHttpSide(core, {
    turn: null,
    listeners,
    live,
    demonstration: false,
    draining: () => false,
    httpsUrl: () => null,
    onFirstRun: () => {},
  });
  const client = (): TestClient => new TestClient(side.app);
  const signIn = async (username: string, password: string): Promise<TestClient> => {
    const made = client();
    const answer = await made.call(api.identity.signIn, { body: { username, password } });
    if (answer.status !== 200) throw new Error(`cannot sign in: ${answer.text}`);
    made.csrf = answer.body.csrf;
    return made;
  };
  const admin = client();
  const first = await admin.call(api.identity.firstRun, {
    body: { ...ADMIN, token: side.firstRun.token ?? "", displayName: "Ada Admin", language: "en" },
  });
  if (first.status !== 200) throw new Error(`no first administrator: ${first.text}`);
  admin.csrf = first.body.csrf;
  return {
    core,
    side,
    live,
    test,
    listeners,
    admin,
    clientId: core.office.catalogue.inUse(clientKind)[0]?.id ?? "",
    client,
    signIn,
    roleId: (preset) =>
      core.office.catalogue.inUse(roleKind).find((role) => role.extra.preset === preset)?.id ?? "",
    async close() {
      side.dispose();
      await listeners.close(0);
      await side.app.close();
      await core.close();
      await test.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
