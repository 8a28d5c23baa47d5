import type { PlanJob } from "@svara/contracts";
import { runWorkerJob } from "@svara/jobs";
import type { Clock } from "@svara/kernel";
import type { RosterVerification } from "@svara/workforce";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanJobs } from "../plan-jobs.ts";
import type { QueueRequirements } from "./queue-requirements.ts";
import { writeDraft } from "./roster.repository.ts";
import { groupDemand } from "./roster-demand.ts";
import { rosterPlace } from "./roster-place.ts";
import type { Rosters } from "./rosters.ts";
import type { VerifyRequest } from "./verify-thread.ts";

export interface VerifyWish {
  readonly replications: number;
  readonly handlingS: number;
  readonly patienceS: number;
}

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly jobs: PlanJobs;
  readonly rosters: Rosters;
  readonly planned: QueueRequirements;
}

const THREAD = new URL("./verify-thread.ts", import.meta.url);
const SEED = 1; // the same draft gives the same figures
const USUAL_THRESHOLD_MS = 20_000;

/**
 * Sends the contacts that a roster's requirement stands for through the live router to its draft, as planning work; the
 * result is kept with the roster. @throws HttpError 403, 404; 409 `roster_not_ready`
 */
export async function verifyDraft(
  { db, clock, office, jobs, rosters, planned }: Parts,
  caller: Caller,
  id: string,
  { replications, handlingS, patienceS }: VerifyWish,
): Promise<PlanJob> {
  const { roster, problem } = await withScope(db, WHOLE_CENTRE, async (tx) =>
    rosters.caseOf(tx, await rosters.editable(tx, caller, id)),
  );
  if (roster.draft.length === 0 || roster.groups.length === 0)
    throw conflict("roster_not_ready", "There is nothing to verify yet: no shifts or no requirement");
  const demand = await Promise.all(
    roster.groups.map(async (group) => {
      const level =
        group.queueId === null ? undefined : office.catalogue.get(queueKind, group.queueId)?.value;
      const foretold =
        group.queueId === null
          ? undefined
          : await planned.expected(caller, group.queueId, roster.fromAt, roster.toAt);
      const thresholdMs = level?.serviceLevel.thresholdMs ?? USUAL_THRESHOLD_MS;
      return groupDemand(group, roster.fromAt, foretold, { handlingS, patienceS, thresholdMs });
    }),
  );
  const { timeZone, from, days, draft, draftRevision } = roster;
  const request: VerifyRequest = {
    problem,
    roster: { timeZone, from, days, shifts: draft },
    demand,
    replications,
    seed: SEED,
  };
  return jobs.start({
    kind: "roster_check",
    caller,
    places: [rosterPlace(office.catalogue, roster)],
    about: id,
    async run({ signal, report }) {
      report({ step: "simulating" });
      const found = await runWorkerJob<VerifyRequest, number, RosterVerification>(THREAD, request, {
        signal,
      });
      const verified = {
        at: clock.now(),
        draftRevision,
        replications: found.replications,
        groups: found.groups.map((group) => ({
          group: group.group,
          target: targetOf(office, roster.groups.find((one) => one.id === group.group)?.queueId),
          serviceLevel: group.serviceLevel.value,
          halfWidth: group.serviceLevel.halfWidth,
          averageWaitMs: group.meanWaitMs.value,
          abandonRate: group.abandonRate.value,
          intervals: group.intervals.map(({ from: at, serviceLevel }) => ({
            from: at,
            serviceLevel: serviceLevel.value,
          })),
        })),
      };
      await withScope(db, WHOLE_CENTRE, (tx) => writeDraft(tx, id, { verified }));
      return { rosterId: id, draftRevision };
    },
  });
}

function targetOf(office: Office, queueId: string | null | undefined): number | null {
  const queue = queueId ? office.catalogue.get(queueKind, queueId)?.value : undefined;
  return queue?.serviceLevel.target ?? null;
}
