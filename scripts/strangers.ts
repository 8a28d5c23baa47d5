import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that is not ours and that end-to-end tests meet: what it is called, and Debian's package that brings it. */
export interface Stranger {
  readonly command: string;
  readonly debianPackage: string;
  readonly usedFor: string;
}

/** All strangers that tests meet. */
export const STRANGERS: readonly Stranger[] = [
  { command: "chromium", debianPackage: "chromium", usedFor: "the agent's browser" },
  { command: "sipp", debianPackage: "sip-tester", usedFor: "customers and carriers over SIP" },
  { command: "baresip", debianPackage: "baresip-core", usedFor: "desk phones" },
  { command: "sox", debianPackage: "sox", usedFor: "sound files for the phones" },
];

/** The strangers that are not on `path` (the form of the environment variable PATH). */
export function missingStrangers(path: string): Stranger[] {
  return STRANGERS.filter(
    ({ command }) => !path.split(delimiter).some((folder) => isProgram(join(folder, command))),
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
