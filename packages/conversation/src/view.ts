import type { AgentId, ContactId, Instant, LegId, QueueId } from "@svara/kernel";
import type { SoundQuality } from "@svara/ledger";
import { isWaiting } from "./customer.ts";
import type { ConferenceParty, MonitorMode } from "./inputs.ts";
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
    /** Hears the announcement; the customer waits for the join. */
    readonly announcing?: boolean;
    /** Another device of theirs is being rung to take over. */
    readonly moving?: boolean;
  }[];
  readonly consult?: {
    readonly contactId: ContactId;
    readonly state: Exclude<SideCall["state"], "asker_ringing">;
    readonly agentId?: AgentId;
    /** The far party's leg. */
    readonly legId?: LegId;
  };
  /** Somebody was called to the talk; `ringing`: not there yet, `lost`: awaited. */
  readonly conference?: readonly (ConferenceParty & {
    readonly legId?: LegId;
    readonly state: "ringing" | "talking" | "lost";
  })[];
  readonly parked?: {
    readonly parkId: string;
    /** Who parked the customer. */
    readonly agentId: AgentId;
    readonly until: Instant;
    /** Whose phone rings to fetch them. */
    readonly fetchedBy?: AgentId;
  };
  readonly monitors: readonly {
    readonly monitorId: string;
    readonly supervisorId: AgentId;
    readonly agentId: AgentId;
    readonly mode: MonitorMode;
    readonly state: "ringing" | "on";
    readonly since: Instant;
    readonly legId: LegId;
  }[];
  /** How the legs sound by the last report, those alive. */
  readonly quality: Readonly<Record<LegId, SoundQuality>>;
  readonly recording: "off" | "on" | "paused";
}

/** What people are shown of a conversation. */
export function viewOf(state: ConversationState): ConversationView {
  const { phase, place, side, recording, conference, legs } = state;
  return {
    phase,
    customer: place.at,
    since: state.placeSince,
    ...(isWaiting(place) && { queueId: place.queueId }),
    agents: Object.values(state.handlers).map((handler) => agentView(state, handler)),
    ...(side &&
      !side.internal && {
        consult: {
          contactId: side.contactId,
          state: side.state === "asker_ringing" ? "ringing" : side.state,
          ...(side.other?.kind === "agent" && { agentId: side.other.agentId }),
          ...(side.other && { legId: side.other.legId }),
        },
      }),
    ...(conference && { conference: conference.parties.map((party) => partyView(state, party)) }),
    ...(place.at === "parked" && { parked: parkedView(place) }),
    monitors: Object.values(state.monitors).map((monitor) => ({
      ...monitor,
      state: legs[monitor.legId]?.state === "up" ? "on" : "ringing",
    })),
    quality: Object.fromEntries(
      Object.values(legs).flatMap(({ legId, state: at, quality }) =>
        quality && at === "up" ? [[legId, quality]] : [],
      ),
    ),
    recording: recording === undefined ? "off" : recording.running ? "on" : "paused",
  };
}

function agentView({ place }: ConversationState, handler: Handler): ConversationView["agents"][number] {
  const { agentId, legId, state, since, contactId, moving } = handler;
  const announcing = place.at === "announcing" && place.agentId === agentId;
  return {
    agentId,
    contactId,
    ...(legId && { legId }),
    state,
    since,
    ...(announcing && { announcing }),
    ...(moving && { moving: true }),
  };
}

function partyView(
  { handlers, legs }: ConversationState,
  party: ConferenceParty,
): NonNullable<ConversationView["conference"]>[number] {
  if (party.kind === "external")
    return { ...party, state: legs[party.legId]?.state === "up" ? "talking" : "ringing" };
  const handler = handlers[party.agentId];
  const state = handler?.state === "detached" ? "lost" : handler?.state === "ringing" ? "ringing" : "talking";
  return { ...party, ...(handler?.legId && { legId: handler.legId }), state };
}

function parkedView({
  parkId,
  agentId,
  until,
  fetching,
}: Extract<Place, { at: "parked" }>): NonNullable<ConversationView["parked"]> {
  return { parkId, agentId, until, ...(fetching && { fetchedBy: fetching.agentId }) };
}
