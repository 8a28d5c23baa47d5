import { wholeNumber } from "../arguments.ts";
import type { Command } from "../command.ts";
import { serve } from "../serve.ts";
import { loadServer } from "../server-door.ts";

const CALLS_PER_HOUR = 700; // eleven agents are busy, and now and then somebody waits
const AGENTS = 11;

export const demo: Command = {
  name: "demo",
  summary: "start a demonstration centre with callers and agents of its own",
  usage: "[options]",
  details:
    "Everything is bound to this machine, and its data lie in ./demo-data unless SVARA_DATA_DIR is set.\nSign in as agent / demo-agent to take calls, or as supervisor / demo-supervisor to watch the floor.",
  options: {
    rate: {
      type: "string",
      value: "calls per hour",
      summary: `how many customers call (default ${CALLS_PER_HOUR})`,
    },
    agents: {
      type: "string",
      value: "number",
      summary: `how many agents answer by themselves (default ${AGENTS})`,
    },
  },
  async run(given, terminal) {
    const callsPerHour = wholeNumber(given, "rate", CALLS_PER_HOUR, { min: 0, max: 1_000_000 });
    const agents = wholeNumber(given, "agents", AGENTS, { min: 0, max: 1000 });
    const { readSettings, startServer } = await loadServer();
    const settings = readSettings({
      ...terminal.env,
      SVARA_DATA_DIR: terminal.env.SVARA_DATA_DIR || "demo-data",
    });
    return serve(() => startServer(settings, { demo: { callsPerHour, agents } }), given.json, terminal);
  },
};
