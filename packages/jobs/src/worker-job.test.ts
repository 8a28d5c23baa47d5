import { getPriority, platform } from "node:os";
import { exampleProblem } from "@svara/workforce/rostering";
import { describe, expect, test } from "vitest";
import { solveRosterInWorker } from "./solve-roster-in-worker.ts";
import { runWorkerJob } from "./worker-job.ts";

const problem = exampleProblem({ agents: 4 });

describe("a job in a thread of its own", () => {
  test("tells its progress; asked to stop, it hands out the best so far", async () => {
    const stop = new AbortController();
    const phases = new Set<string>();
    const solution = await solveRosterInWorker(problem, {
      stop: stop.signal,
      onProgress: ({ phase }) => {
        phases.add(phase);
        stop.abort();
      },
    });
    expect(solution).toMatchObject({ stopped: "asked", violations: [] });
    expect([...phases]).toContain("cover");
  });

  test("given up, it rejects and its thread is gone", async () => {
    const signal = AbortSignal.abort();
    await expect(solveRosterInWorker(problem, { signal })).rejects.toMatchObject({ code: "job.cancelled" });
    const later = new AbortController();
    const running = solveRosterInWorker(problem, { signal: later.signal, onProgress: () => later.abort() });
    await expect(running).rejects.toMatchObject({ code: "job.cancelled", httpStatus: 409 });
  });

  test.runIf(platform() === "linux")("works at a priority below that of the calls", async () => {
    const nice = await runWorkerJob(new URL("./priority-worker.fixture.ts", import.meta.url), null);
    expect(nice).toBeGreaterThanOrEqual(10);
    expect(getPriority()).toBeLessThan(10);
  });

  test("its errors keep code, field and status; a thread that fails otherwise says so", async () => {
    const wrong = { ...problem, agents: problem.agents.map((agent) => ({ ...agent, contractId: "none" })) };
    await expect(solveRosterInWorker(wrong)).rejects.toMatchObject({
      name: "SvaraError",
      code: "roster.bad_problem",
      httpStatus: 422,
    });
    const nowhere = runWorkerJob(new URL("./no-such-worker.ts", import.meta.url), {});
    await expect(nowhere).rejects.toMatchObject({ code: "job.failed" });
  });
});
