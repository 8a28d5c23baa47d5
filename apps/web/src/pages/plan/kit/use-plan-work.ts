import { ApiError, api, type PlanJob } from "@svara/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { useServices } from "../../../services.ts";

const LOOK_EVERY_MS = 400;

/** Heavy planning work that a screen started and waits for. */
export interface PlanWork<Result> {
  readonly running: boolean;
  /** 0..1; null: nobody can say. */
  readonly progress: number | null;
  readonly error: unknown;
  readonly start: (begin: () => Promise<PlanJob>) => Promise<Result | undefined>;
  readonly stop: () => void;
}

/** Starts work, follows it until it is over, and gives its result; undefined when it failed or was stopped. */
export function usePlanWork<Result>(): PlanWork<Result> {
  const { client, clock } = useServices();
  const [job, setJob] = useState<PlanJob>();
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const start = useCallback(
    async (begin: () => Promise<PlanJob>): Promise<Result | undefined> => {
      setError(null);
      setStarting(true);
      try {
        let now = await begin();
        while (now.endedAt === null && alive.current) {
          setJob(now);
          await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
          now = await client.call(api.planJobs.get, { params: { id: now.id } });
        }
        if (now.problem) throw failureOf(now.problem);
        return now.state === "done" ? (now.result as Result) : undefined;
      } catch (caught) {
        setError(caught);
        return undefined;
      } finally {
        setStarting(false);
        setJob(undefined);
      }
    },
    [client, clock],
  );
  const stop = (): void => {
    if (job) void client.call(api.planJobs.cancel, { params: { id: job.id } });
  };
  return { running: starting, progress: job?.progress ?? null, error, start, stop };
}

/** Work that failed is told as a refused call is. */
function failureOf({ code, message }: NonNullable<PlanJob["problem"]>): ApiError {
  return new ApiError({ type: "about:blank", title: message, status: 422, code, detail: message });
}
