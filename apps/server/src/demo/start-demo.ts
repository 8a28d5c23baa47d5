import type { Clock, Ids, Random } from "@svara/kernel";
import type { Live } from "../live/start-live.ts";
import { buildDemoCentre, reopenDemoCentre } from "./demo-centre.ts";
import { DemoLife } from "./demo-life.ts";
import { firstRun, signIn } from "./http-session.ts";

export interface DemoOptions {
  readonly callsPerHour: number;
  /** Agents made of software, beside the one who signs in by hand. */
  readonly agents: number;
}

export interface StartDemoDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly live: Live;
  /** Where the HTTP API answers. */
  readonly baseUrl: string;
  /** The token of the first-run link; null when the centre was built by an earlier start. */
  readonly firstRunToken: string | null;
}

const ADMIN = { username: "admin", password: "demo-admin" };

/** Builds the demonstration centre if this is its first start, and lets its people live. */
export async function startDemo(deps: StartDemoDeps, options: DemoOptions): Promise<DemoLife> {
  const { clock, ids, random, live, baseUrl, firstRunToken } = deps;
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
  const centre = firstRunToken ? await buildDemoCentre(admin, options) : await reopenDemoCentre(admin);
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
  return life;
}
