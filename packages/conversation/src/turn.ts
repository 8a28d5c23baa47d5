import type { ContactId, Ids, Instant } from "@svara/kernel";
import type { Actor, EventType, LedgerDraft, NeedsOf, PayloadOf, Subject } from "@svara/ledger";
import type { Effect } from "./effects.ts";
import type { ConversationSettings } from "./inputs.ts";
import type { ConversationState, Handler, Leg } from "./state.ts";

type Given<T extends EventType> = Subject & {
  readonly [K in Exclude<NeedsOf<T>, "contactId">]-?: NonNullable<Subject[K]>;
};

/** The handling of one input (or of one due timer): the state, the instant, and what is decided on the way. */
export class Turn {
  readonly state: ConversationState;
  readonly settings: ConversationSettings;
  readonly ids: Ids;
  readonly at: Instant;
  readonly actor: Actor;
  readonly effects: Effect[] = [];

  constructor(state: ConversationState, settings: ConversationSettings, ids: Ids, at: Instant, actor: Actor) {
    this.state = state;
    this.settings = settings;
    this.ids = ids;
    this.at = at;
    this.actor = actor;
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Writes an event of the main contact, or of the one named in `subject`. */
  write<T extends EventType>(type: T, subject: Given<T>, payload: PayloadOf<T>): void {
    const { clientId, contactId } = this.settings;
    const event = {
      type,
      at: this.at,
      actor: this.actor,
      clientId,
      contactId: subject.contactId ?? contactId,
      ...subject,
      payload,
    };
    // the compiler cannot relate a generic T to the union over all types; Given<T> and PayloadOf<T> have checked it
    this.emit({ to: "ledger", type: "event", event: event as unknown as LedgerDraft });
  }

  get contactId(): ContactId {
    return this.settings.contactId;
  }

  handlers(): Handler[] {
    return Object.values(this.state.handlers);
  }

  legs(): Leg[] {
    return Object.values(this.state.legs);
  }
}
