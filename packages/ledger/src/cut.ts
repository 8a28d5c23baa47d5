import type { Instant } from "@svara/kernel";
import type { AgentTime } from "./agent-time.ts";
import type { ContactTimeline } from "./contact-timeline.ts";
import type { Subject } from "./envelope.ts";
import type { LedgerDraft } from "./events.ts";

/**
 * The events that close a contact which a crash cut, as `failed_tech` (LE13): its legs, segments and queue entry end at the
 * last instant at which the contact or the server was known to live. Empty when the contact is closed.
 */
export function closeCutContact(
  timeline: ContactTimeline,
  whom: Pick<Subject, "contactId" | "clientId">,
  lastAliveAt: Instant,
): LedgerDraft[] {
  const { contactId, clientId } = whom;
  if (timeline.end !== undefined || timeline.start === undefined || contactId === undefined) return [];
  const at = Math.max(timeline.lastAt, lastAliveAt);
  const whose = { at, contactId, ...(clientId !== undefined && { clientId }) };
  const drafts: LedgerDraft[] = [];
  for (const stay of timeline.queueStays) {
    if (stay.to !== undefined) continue;
    const payload = { outcome: "failed_tech", waitMs: at - stay.from } as const;
    drafts.push({ ...whose, type: "queue.left", queueId: stay.queueId, payload });
  }
  for (const segment of timeline.segments) {
    if (segment.to !== undefined) continue;
    const { segmentId, agentId, queueId } = segment;
    drafts.push({
      ...whose,
      type: "segment.ended",
      segmentId,
      ...(agentId !== undefined && { agentId }),
      ...(queueId !== undefined && { queueId }),
      payload:
        segment.party === "customer"
          ? { party: "customer", kind: segment.kind, reason: "failed_tech" }
          : { party: "handler", kind: segment.kind, reason: "failed_tech" },
    });
  }
  if (timeline.openPark !== undefined)
    drafts.push({ ...whose, type: "park.ended", payload: { parkId: timeline.openPark, reason: "ended" } });
  for (const { legId, agentId, payload } of timeline.openParties.values()) {
    const { party } = payload;
    drafts.push({
      ...whose,
      type: "conference.left",
      legId,
      ...(agentId !== undefined && { agentId }),
      payload: { party, reason: "ended" },
    });
  }
  for (const { agentId, payload } of timeline.openMonitors.values()) {
    const { monitorId, supervisorId } = payload;
    drafts.push({
      ...whose,
      type: "monitor.ended",
      agentId,
      payload: { monitorId, ...(supervisorId !== undefined && { supervisorId }), reason: "lost" },
    });
  }
  for (const [legId, direction] of timeline.openLegs) {
    drafts.push({
      ...whose,
      type: "leg.ended",
      legId,
      payload: { by: "us", cause: "server_stopped", direction },
    });
  }
  drafts.push({ ...whose, type: "contact.closed", payload: { outcome: "failed_tech", endedBy: "us" } });
  return drafts;
}

/** The event that ends the session of an agent who was signed in when the server stopped, or nothing. */
export function closeCutAgent(time: AgentTime, agentId: string, lastAliveAt: Instant): LedgerDraft[] {
  const session = time.current;
  if (session === undefined) return [];
  const at = Math.max(session.from, lastAliveAt, ...session.spans.map((span) => span.from));
  return [
    { type: "agent.logged_out", at, agentId, payload: { sessionId: session.sessionId, reason: "restart" } },
  ];
}
