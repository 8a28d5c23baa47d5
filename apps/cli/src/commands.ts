import type { Command } from "./command.ts";

/** The commands of `svara`, each loaded only when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./commands/start.ts")).start,
  demo: async () => (await import("./commands/demo.ts")).demo,
  drain: async () => (await import("./commands/drain.ts")).drain,
  backup: async () => (await import("./commands/backup.ts")).backup,
  restore: async () => (await import("./commands/restore.ts")).restore,
  user: async () => (await import("./commands/user.ts")).user,
  tls: async () => (await import("./commands/tls.ts")).tls,
  journal: async () => (await import("./commands/journal.ts")).journal,
  replay: async () => (await import("./commands/replay.ts")).replay,
  forecast: async () => (await import("./commands/forecast.ts")).forecast,
  simulate: async () => (await import("./commands/simulate.ts")).simulate,
  whatif: async () => (await import("./commands/whatif.ts")).whatif,
  staffing: async () => (await import("./commands/staffing.ts")).staffing,
  roster: async () => (await import("./commands/roster.ts")).roster,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
};
