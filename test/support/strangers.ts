import { beforeEach } from "vitest";
import { missingStrangers } from "../../scripts/strangers.ts";

/** Programs that the tests of a file meet. Where one is missing they count as not run, with the reason; the result tells it. */
export function meets(...commands: readonly string[]): boolean {
  const missing = missingStrangers(process.env.PATH ?? "").filter(({ command }) =>
    commands.includes(command),
  );
  const names = missing.map(({ command }) => command).join(" and ");
  beforeEach((context) => {
    if (missing.length > 0) context.skip(`${names} not installed`);
  });
  return missing.length === 0;
}
