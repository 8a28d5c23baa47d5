import { type QueueDraft, queueCalling, queueDraft, queueRouting } from "@svara/contracts";
import type { OfficeKind } from "../office/office-kind.ts";
import { clientReference, listReferences, optionalReference } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";
import { queueFaults } from "./queue-faults.ts";
import { routingReferences, skillReferences } from "./queue-references.ts";

/** Where contacts wait, and how they find an agent. */
export const queueKind: OfficeKind<QueueDraft, Record<never, never>> = tableKind<QueueDraft>(
  {
    kind: "queue",
    word: "queue",
    schema: queueDraft,
    view: "queues.view",
    edit: "queues.edit",
    unique: { queue_name_unique: "name" },
    nameOf: (queue) => queue.name,
    placeOf: (queue, id) => ({ clientId: queue.clientId, queueId: id }),
    references: (queue) => [
      clientReference(queue),
      ...skillReferences("requiredSkills", queue.requiredSkills),
      ...listReferences("team", "teamIds", queue.teamIds),
      ...listReferences("user", "agentIds", queue.agentIds),
      ...optionalReference("prompt", "musicPromptId", queue.musicPromptId),
      ...optionalReference("prompt", "calling.whisperPromptId", queue.calling.whisperPromptId),
      ...optionalReference("number", "calling.callerIdNumberId", queue.calling.callerIdNumberId),
      ...routingReferences(queue),
    ],
    check: queueFaults,
  },
  {
    table: "queue",
    toRow: ({ serviceLevel, ...queue }) => ({
      ...queue,
      requiredSkills: JSON.stringify(queue.requiredSkills),
      wrapUp: JSON.stringify(queue.wrapUp),
      announce: JSON.stringify(queue.announce),
      routing: JSON.stringify(queue.routing),
      calling: JSON.stringify(queue.calling),
      serviceLevelThresholdMs: serviceLevel.thresholdMs,
      serviceLevelTarget: serviceLevel.target,
    }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      name: String(row.name),
      medium: row.medium as QueueDraft["medium"],
      priority: Number(row.priority),
      requiredSkills: row.requiredSkills as QueueDraft["requiredSkills"],
      teamIds: row.teamIds as string[],
      agentIds: row.agentIds as string[],
      ringTimeoutMs: Number(row.ringTimeoutMs),
      wrapUp: row.wrapUp as QueueDraft["wrapUp"],
      serviceLevel: {
        thresholdMs: Number(row.serviceLevelThresholdMs),
        target: Number(row.serviceLevelTarget),
      },
      shortAbandonMs: Number(row.shortAbandonMs),
      musicPromptId: row.musicPromptId as string | null,
      announce: row.announce as QueueDraft["announce"],
      maxWaiting: row.maxWaiting as number | null,
      dispositionRequired: row.dispositionRequired === true,
      // what was stored by an older version gets the defaults of what has come since
      routing: queueRouting.parse(row.routing),
      calling: queueCalling.parse(row.calling),
    }),
  },
);
