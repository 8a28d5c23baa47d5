import type { QueueDraft, RoutingFinding } from "@svara/contracts";

/**
 * The field of this queue that a finding is about. A circle of overflows is told once, of one of its queues: in the others
 * it is at the rule that leads on in the circle.
 */
export function ownField(
  { subject, field, params }: RoutingFinding,
  id: string | undefined,
  { routing }: QueueDraft,
  nameOf: (queueId: string) => string,
): string | null {
  if (id === undefined || subject.id === id) return field;
  const circle = String(params.queues ?? "").split(", ");
  const place = routing.overflow.findIndex(
    ({ to }) => to.kind === "queue" && circle.includes(nameOf(to.queueId)),
  );
  return place === -1 ? "routing.overflow" : `routing.overflow.${place}.to.queueId`;
}
