import type { AgentId, ClientId } from "@svara/kernel";
import type { CentreModel, ModelNumber } from "./centre-model.ts";
import type { LiveContact } from "./live-contact.ts";

/** An extension means nothing outside. */
const OUTSIDE = /^\+\d{5,15}$/;

/** The numbers of a client that this agent may show: those allowed for all, and the agent's own. */
export function callerNumbers(
  model: CentreModel,
  clientId: ClientId,
  agentId: AgentId,
): readonly ModelNumber[] {
  return [...model.numbers.values()].filter(
    (number) =>
      number.clientId === clientId &&
      number.outbound &&
      OUTSIDE.test(number.number) &&
      (number.agentId === null || number.agentId === agentId),
  );
}

/** What is shown when nobody chooses: the number of the queue, else of the client; undefined: as the trunk has it. */
export function defaultCallerNumber(
  model: CentreModel,
  clientId: ClientId,
  queueId?: string,
): string | undefined {
  const ofQueue = queueId === undefined ? undefined : model.queues.get(queueId)?.callerIdNumberId;
  const number = ofQueue && [...model.numbers.values()].find(({ id }) => id === ofQueue);
  if (number && number.clientId === clientId && OUTSIDE.test(number.number)) return number.number;
  return model.clients.get(clientId)?.callerIdNumber ?? undefined;
}

/** What a call out of this contact shows. */
export function callerNumberOf(model: CentreModel, contact: LiveContact): string | undefined {
  return contact.facts.callerId ?? defaultCallerNumber(model, contact.clientId, contact.queueId);
}
