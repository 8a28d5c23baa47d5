import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Clock, Ids, Random } from "@svara/kernel";
import type { Configuration } from "../configuration/index.ts";
import { buildLab } from "../lab/build-lab.ts";
import type { Live } from "../live/start-live.ts";
import type { Office } from "../office/office.ts";
import { buildDemoCentre, type DemoCentre, PAST_QUEUES, reopenDemoCentre } from "./demo-centre.ts";
import { DemoLife } from "./demo-life.ts";
import { buildDemoRoster } from "./demo-roster.ts";
import { firstRun, type HttpSession, signIn } from "./http-session.ts";
import { importDemoHistory } from "./plan-history.ts";

export interface DemoOptions {
  readonly callsPerHour: number;
  /** Agents made of software, beside the one who signs in by hand. */
  readonly agents: number;
  /** Adds the lab's phones and queue, for those who test phones and carrier lines. */
  readonly lab?: boolean;
}

export interface StartDemoDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly live: Live;
  readonly configuration: Configuration;
  readonly office: Office;
  /** Where the HTTP API answers. */
  readonly baseUrl: string;
  /** Where the passwords of the fictional phones are kept between starts. */
  readonly dataDir: string;
  /** The token of the first-run link; null when the centre was built by an earlier start. */
  readonly firstRunToken: string | null;
}

const ADMIN = { username: "admin", password: "demo-admin" };

function centreFile(dataDir: string): string {
  return path.join(dataDir, "demo-centre.json");
}

/** As the start before left it; without its file the phones get new passwords, since only hashes are in the database. */
async function reopen(admin: HttpSession, dataDir: string): Promise<DemoCentre> {
  try {
    return JSON.parse(await readFile(centreFile(dataDir), "utf8")) as DemoCentre;
  } catch {
    return reopenDemoCentre(admin);
  }
}

/** Builds the demonstration centre if this is its first start, and lets its people live. */
export async function startDemo(deps: StartDemoDeps, options: DemoOptions): Promise<DemoLife> {
  const { clock, ids, random, live, baseUrl, dataDir, firstRunToken } = deps;
  const admin = firstRunToken
    ? await firstRun(baseUrl, {
        ...ADMIN,
        token: firstRunToken,
        displayName: "Demo administrator",
        language: "en",
        centreName: "Northlight contact centre",
        timeZone: "Europe/Stockholm",
        country: "SE",
      })
    : await signIn(baseUrl, ADMIN.username, ADMIN.password);
  const centre = firstRunToken ? await buildDemoCentre(admin, options) : await reopen(admin, dataDir);
  await writeFile(centreFile(dataDir), JSON.stringify(centre), { mode: 0o600 });
  if (firstRunToken && !options.lab) {
    // planners find a past and a roster; nobody who wants to hear a call waits for them, and whoever stops it early has none
    const now = { now: clock.now(), timeZone: "Europe/Stockholm" };
    Promise.all([
      importDemoHistory(admin, PAST_QUEUES, { ...now, random }),
      buildDemoRoster(admin, now),
    ]).catch(() => undefined);
  }
  const life = new DemoLife({
    clock,
    ids,
    random,
    centre: { ...centre, agents: centre.agents.slice(0, options.agents) },
    desk: live.desk,
    sip: live.sipAddress,
    callsPerHour: options.callsPerHour,
  });
  await life.start();
  const { configuration, office } = deps;
  if (options.lab) await buildLab({ admin, configuration, office, ids, desk: live.desk });
  return life;
}
