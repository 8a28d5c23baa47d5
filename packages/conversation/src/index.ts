export { Conversation } from "./conversation.ts";
export type {
  BridgeRole,
  Effect,
  FlowEffect,
  HangupWord,
  HouseEffect,
  LedgerEffect,
  LegPurpose,
  Outcome,
  RouterEffect,
  Sound,
  SwitchEffect,
} from "./effects.ts";
export type {
  CommandInput,
  ConferenceParty,
  ConsultDestination,
  ConversationInput,
  ConversationSettings,
  Destination,
  DivertedFrom,
  FlowInput,
  HouseInput,
  LegEnding,
  LegInput,
  MonitorMode,
  OfferInput,
  Refusal,
  StartInput,
  Target,
  VisitorInput,
} from "./inputs.ts";
export type { ConversationSnapshot, HandlerState, LegRole } from "./state.ts";
export type { ConversationView } from "./view.ts";
