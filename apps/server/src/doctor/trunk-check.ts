import type { Clock, Ids, Random } from "@svara/kernel";
import { type PingOutcome, SILENT_LOG, type TlsTrust, UserAgent } from "@svara/sip";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";
import { type KnownTrunk, uriOf } from "./trunk-list.ts";

/** Longer than one lost packet or two, shorter than the patience of SIP (32 s). */
const PATIENCE_MS = 4_000;

/** What became of the question to one door of a carrier. */
export type DoorAnswer = PingOutcome | { readonly kind: "no_answer"; readonly cause: string };

/**
 * Asks each carrier by OPTIONS, from a port of its own, whether it answers. `seen`: what a running server knows of its trunks
 * by id: true when it answers or is registered.
 */
export async function checkTrunks(
  trunks: readonly KnownTrunk[],
  deps: {
    readonly clock: Clock;
    readonly random: Random;
    readonly ids: Ids;
    readonly seen: ReadonlyMap<string, boolean>;
  },
): Promise<Finding> {
  if (trunks.length === 0) return ok("no trunk takes calls out");
  const unverified: TlsTrust = { kind: "unverified" }; // whether it answers is the question here
  const agent = new UserAgent({
    clock: deps.clock,
    random: deps.random,
    log: SILENT_LOG,
    realm: "svara",
    userAgentName: "Svara doctor",
    authority: { findAccount: async () => undefined, identifyBySource: async () => undefined },
    tlsTrust: () => unverified,
  });
  try {
    const { port } = await agent.listenUdp({ host: "0.0.0.0", port: 0 });
    await agent.listenTcp({ host: "0.0.0.0", port });
    const findings = trunks.flatMap((trunk) =>
      trunk.doors.map(async (door) => {
        const answer = await inTime(agent.ping(uriOf(trunk, door)), deps.clock);
        return judgeTrunk(
          trunk,
          `${door.host}${door.port === 0 ? "" : `:${door.port}`}`,
          answer,
          deps.seen.get(trunk.id),
        );
      }),
    );
    return worst(await Promise.all(findings));
  } finally {
    await agent.close();
  }
}

function inTime(asked: Promise<PingOutcome>, clock: Clock): Promise<DoorAnswer> {
  return new Promise((resolve) => {
    const timer = clock.after(PATIENCE_MS, () =>
      resolve({ kind: "no_answer", cause: `silent for ${PATIENCE_MS / 1000} s` }),
    );
    const end = (answer: DoorAnswer): void => {
      timer.dispose();
      resolve(answer);
    };
    asked.then(end, (error: unknown) =>
      end({ kind: "no_answer", cause: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** What the answer of a carrier's door, and what the running server knows of it, mean for calls. */
export function judgeTrunk(
  trunk: Pick<KnownTrunk, "name" | "register">,
  door: string,
  answer: DoorAnswer,
  seen: boolean | undefined,
): Finding {
  const name = `the trunk "${trunk.name}" (${door})`;
  if (answer.kind === "no_answer")
    return fail(
      `${name} does not answer OPTIONS (${answer.cause}): calls over it fail`,
      "see whether host, port and transport of the trunk are right, and whether a firewall lets SIP out and its answers in",
    );
  const told = `${name} answers ${answer.status} in ${Math.round(answer.rttMs)} ms`;
  if (seen === false)
    return trunk.register
      ? fail(
          `${told}, but this Svara is not registered there: no calls come in over it`,
          "look at the trunk in the office for the carrier's reason; mostly user name or password",
        )
      : warn(`${told}, but this Svara holds it for down`, "look at the trunk in the office for the reason");
  if (answer.status >= 500)
    return warn(
      `${told}: it says that it is not well`,
      "ask the carrier; calls go to other trunks meanwhile",
    );
  return ok(seen === true && trunk.register ? `${told}, registered` : told);
}
