import type { Command } from "./command.ts";

/** The commands of `svara`, each loaded only when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  tls: async () => (await import("./commands/tls.ts")).tls,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
};
