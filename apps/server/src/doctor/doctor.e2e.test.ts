import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase, silentLog } from "../database/index.ts";
import { readSettings } from "../settings/settings.ts";
import { checkAudioLoop } from "./audio-loop.ts";
import { checkDatabase } from "./database-check.ts";
import { overallVerdict, runDoctor } from "./doctor.ts";

const clock = new SystemClock();
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "svara-doctor-e2e-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("the doctor with real things", () => {
  test("a tone crosses the media host and is heard", async () => {
    const finding = await checkAudioLoop({ clock, ids: new UuidV7(clock, new SecureRandom()) });
    expect(finding.message).toMatch(
      /^a 1000 Hz tone from one leg to another: \d+ % of what was heard in \d+ ms, after \d+ ms, \d+ of \d+ packets lost$/,
    );
    expect(finding.verdict).toBe("ok");
  });

  test("an embedded database that exists answers with its version, and clocks agree", async () => {
    const database = await openDatabase({ dataDir, clock, log: silentLog });
    await database.close();
    const found = await checkDatabase({ dataDir }, clock);
    expect(found.database.message).toMatch(/^embedded PostgreSQL 18\.\d+ answers$/);
    expect(found.clock.verdict).toBe("ok");
  });

  test("a database that does not answer fails with the setting to look at, and the password is not told", async () => {
    const databaseUrl = "postgres://svara:very-secret@127.0.0.1:1/svara";
    const { database } = await checkDatabase({ dataDir, databaseUrl }, clock);
    expect(database).toMatchObject({
      verdict: "fail",
      remedy: expect.stringContaining("SVARA_DATABASE_URL"),
    });
    expect(JSON.stringify(database)).not.toContain("very-secret");
  });

  test("on a fresh machine it looks at everything and makes nothing", async () => {
    const fresh = join(dataDir, "not-yet");
    const settings = readSettings({
      SVARA_DATA_DIR: fresh,
      SVARA_HTTP_HOST: "127.0.0.1",
      SVARA_HTTP_PORT: "0",
      SVARA_SIP_PORT: "0",
    });
    const found = await runDoctor(settings, { clock });
    expect(found.map(({ check }) => check)).toEqual([
      "disk",
      "limits",
      "ports",
      "media ports",
      "database",
      "clock",
      "TLS",
      "DNS",
      "NAT",
      "trunks",
      "audio loop",
    ]);
    expect(overallVerdict(found)).not.toBe("fail");
    expect(existsSync(fresh)).toBe(false);
  });
});
