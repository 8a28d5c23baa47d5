import { parentPort, Worker, workerData } from "node:worker_threads";
import { SvaraError } from "@svara/kernel";
import { yieldToCalls } from "./yield-to-calls.ts";

/** How a job is watched and ended. */
export interface WorkerJobOptions<Progress> {
  /** Aborted: the thread is ended at once and the promise rejects with `job.cancelled`. */
  readonly signal?: AbortSignal;
  /** Aborted: the job is asked to hand out the best it has; the promise resolves as usual. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a job's function is given beside its request. */
export interface JobContext<Progress> {
  progress(progress: Progress): void;
  /** Whether the caller wants the best so far; asked from within long loops, it sees the wish at once. */
  shouldStop(): boolean;
}

type Message<Progress, Result> =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "result"; readonly result: Result }
  | { readonly type: "error"; readonly error: PlainError };

/** An error as it crosses between threads. */
interface PlainError {
  readonly message: string;
  readonly code: string;
  readonly httpStatus?: number;
  readonly sipStatus?: number;
  readonly retryable?: boolean;
  readonly field?: string;
  readonly stack?: string;
}

interface JobData<Request> {
  readonly request: Request;
  readonly stopFlag: Int32Array;
}

const STOP = 1;

/**
 * Runs one job in a thread of its own: `entry` is a file that calls `serveWorkerJob`. Request, progress and result are
 * structured clones. Rejects with the job's SvaraError; `job.failed` when it threw anything else or its thread died,
 * `job.cancelled` when `signal` was aborted. The thread is gone when the promise settles.
 */
export async function runWorkerJob<Request, Progress, Result>(
  entry: URL,
  request: Request,
  { signal, stop, onProgress }: WorkerJobOptions<Progress> = {},
): Promise<Result> {
  if (signal?.aborted) throw cancelled(signal.reason);
  const stopFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const askToStop = (): void => void Atomics.store(stopFlag, 0, STOP);
  if (stop?.aborted) askToStop();
  const data: JobData<Request> = { request, stopFlag };
  const worker = new Worker(entry, { workerData: data, execArgv: [] });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const cancel = (): void => reject(cancelled(signal?.reason));
  worker.on("message", (message: Message<Progress, Result>) => {
    switch (message.type) {
      case "progress":
        onProgress?.(message.progress);
        return;
      case "result":
        resolve(message.result);
        return;
      case "error":
        reject(errorOf(message.error));
        return;
    }
  });
  worker.on("error", (cause) => reject(failed(cause)));
  worker.on("exit", (code) => reject(failed(new Error(`its thread ended with code ${code}`))));
  signal?.addEventListener("abort", cancel, { once: true });
  stop?.addEventListener("abort", askToStop, { once: true });
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", cancel);
    stop?.removeEventListener("abort", askToStop);
    await worker.terminate();
  }
}

/**
 * The other side, in the thread: does the job that the thread was started for with `run`, and answers. Called once, at the
 * end of a job's file; in the main thread it does nothing. The thread works at a priority below that of the calls.
 */
export async function serveWorkerJob<Request, Progress, Result>(
  run: (request: Request, context: JobContext<Progress>) => Result | Promise<Result>,
): Promise<void> {
  const port = parentPort;
  if (!port) return;
  yieldToCalls();
  const { request, stopFlag } = workerData as JobData<Request>;
  const say = (message: Message<Progress, Result>): void => port.postMessage(message);
  try {
    const result = await run(request, {
      progress: (progress) => say({ type: "progress", progress }),
      shouldStop: () => Atomics.load(stopFlag, 0) === STOP,
    });
    say({ type: "result", result });
  } catch (error) {
    say({ type: "error", error: plainError(error) });
  }
}

function plainError(error: unknown): PlainError {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  if (error instanceof SvaraError) {
    const { message, code, httpStatus, sipStatus, retryable, field } = error;
    return {
      message,
      code,
      httpStatus,
      sipStatus,
      retryable,
      ...(field === undefined ? {} : { field }),
      ...stack,
    };
  }
  return { message: failed(error).message, code: "job.failed", ...stack };
}

/** The job's error again, with the stack of its own thread as its cause. */
function errorOf({ message, stack, ...info }: PlainError): SvaraError {
  return new SvaraError(message, { ...info, ...(stack === undefined ? {} : { cause: stack }) });
}

function failed(cause: unknown): SvaraError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SvaraError(`the job failed: ${message}`, { code: "job.failed", cause });
}

function cancelled(cause: unknown): SvaraError {
  return new SvaraError("the job was cancelled", { code: "job.cancelled", httpStatus: 409, cause });
}
