import { type ChildProcess, spawn } from "node:child_process";

/** How a child process ended, with all it said on both streams. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Where what a child says goes: kept for later, or also shown at once. */
export type Show = "kept" | "shown";

const running = new Set<ChildProcess>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(130);
  });
}

/** Runs a command to its end without standard input. A command that cannot be started ends with code 127. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; show?: Show; env?: NodeJS.ProcessEnv } = { cwd: process.cwd() },
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (options.show === "shown") process.stdout.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const finish = (code: number): void => {
      running.delete(child);
      resolve({ code, output });
    };
    child.on("error", (error) => {
      output += `${command}: ${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}
