/** Generous: two slow cores, a browser, a database and a switch share the machine. */
export const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 40;

/** Asks until the answer is neither undefined nor false, and gives it. The limit says what was waited for. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = PATIENCE_MS,
): Promise<T> {
  const until = performance.now() + limitMs;
  let fault: unknown;
  for (;;) {
    try {
      const answer = await ask();
      fault = undefined;
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      fault = error;
    }
    if (performance.now() > until) {
      throw new Error(`waited ${limitMs} ms in vain for: ${what}`, { cause: fault });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
