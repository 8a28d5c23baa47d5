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
    lab: {
      type: "boolean",
      summary:
        "add test phones (1001, 1002, 1003, 1005; password pw1001 ...) and test numbers (600 echo, ...)",
    },
  },
  async run(given, terminal) {
    const lab = given.options.lab === true;
    // whoever tests lines wants them to themselves, unless they say otherwise
    const callsPerHour = wholeNumber(given, "rate", lab ? 0 : CALLS_PER_HOUR, { min: 0, max: 1_000_000 });
    const agents = wholeNumber(given, "agents", lab ? 0 : AGENTS, { min: 0, max: 1000 });
    const { readSettings, startServer } = await loadServer();
    const settings = readSettings({
      ...terminal.env,
      SVARA_DATA_DIR: terminal.env.SVARA_DATA_DIR || "demo-data",
    });
    return serve(() => startServer(settings, { demo: { callsPerHour, agents, lab } }), given.json, terminal);
  },
};
