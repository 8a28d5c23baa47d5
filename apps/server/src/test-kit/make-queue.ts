import { api, type Queue } from "@svara/contracts";
import type { TestServer } from "./test-server.ts";

/** A voice queue of a client that anybody may serve, made as the administrator would. */
export async function makeQueue(server: TestServer, clientId: string, name: string): Promise<Queue> {
  const made = await server.admin.call(api.queues.create, {
    body: {
      clientId,
      name,
      medium: "voice",
      priority: 0,
      requiredSkills: [],
      teamIds: [],
      agentIds: [],
      ringTimeoutMs: 18_000,
      wrapUp: { mode: "off" },
      serviceLevel: { thresholdMs: 20_000, target: 0.8 },
      shortAbandonMs: 5000,
      musicPromptId: null,
      announce: { position: true, estimatedWait: false, everyMs: 60_000 },
      maxWaiting: null,
      dispositionRequired: false,
    },
  });
  if (made.status !== 200) throw new Error(`no queue ${name}: ${made.status} ${made.text}`);
  return made.body;
}
