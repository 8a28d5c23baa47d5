export { Conversation } from "./conversation.ts";
export type {
  Effect,
  FlowEffect,
  HangupWord,
  LedgerEffect,
  LegPurpose,
  Outcome,
  RouterEffect,
  Sound,
  SwitchEffect,
} from "./effects.ts";
export type {
  CommandInput,
  ConversationInput,
  ConversationSettings,
  Destination,
  FlowInput,
  HouseInput,
  LegEnding,
  LegInput,
  OfferInput,
  Refusal,
  StartInput,
  Target,
} from "./inputs.ts";
export type { ConversationSnapshot, HandlerState, LegRole } from "./state.ts";
export type { ConversationView } from "./view.ts";
