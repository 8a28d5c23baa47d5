import type { AgentId, ContactId, Instant, LegId, QueueId } from "@svara/kernel";
import type { ConversationState, Handler, HandlerState, Place, SideCall } from "./state.ts";

/** What the desk and the floor show. */
export interface ConversationView {
  readonly phase: ConversationState["phase"];
  readonly customer: Place["at"];
  /** Since when the customer is there. */
  readonly since: Instant;
  readonly queueId?: QueueId;
  readonly agents: readonly {
    readonly agentId: AgentId;
    /** The main contact, or the consultation's own. */
    readonly contactId: ContactId;
    readonly legId?: LegId;
    readonly state: HandlerState;
    readonly since: Instant;
  }[];
  readonly consult?: {
    readonly contactId: ContactId;
    readonly state: Exclude<SideCall["state"], "asker_ringing">;
    readonly agentId?: AgentId;
  };
  readonly recording: "off" | "on" | "paused";
}

/** What people are shown of a conversation. */
export function viewOf(state: ConversationState): ConversationView {
  const { phase, place, side, recording } = state;
  return {
    phase,
    customer: place.at,
    since: state.placeSince,
    ...(place.at === "queue" && { queueId: place.queueId }),
    agents: Object.values(state.handlers).map(agentView),
    ...(side &&
      !side.internal && {
        consult: {
          contactId: side.contactId,
          state: side.state === "asker_ringing" ? "ringing" : side.state,
          ...(side.other?.kind === "agent" && { agentId: side.other.agentId }),
        },
      }),
    recording: recording === undefined ? "off" : recording.running ? "on" : "paused",
  };
}

function agentView({ agentId, legId, state, since, contactId }: Handler): ConversationView["agents"][number] {
  return { agentId, contactId, ...(legId && { legId }), state, since };
}
