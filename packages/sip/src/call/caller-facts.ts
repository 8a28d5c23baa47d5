import { type AutoAnswer, autoAnswerOf } from "../message/auto-answer.ts";
import {
  type IdentityPair,
  identityPair,
  type PrivacyValue,
  privacyOf,
  type RemoteParty,
  remotePartyOf,
  tryNameAddr,
} from "../message/caller-identity.ts";
import { type Diversion, diversionsOf } from "../message/diversion.ts";
import { type HistoryEntry, historyOf } from "../message/history-info.ts";
import type { SipRequest } from "../message/message.ts";
import type { NameAddr } from "../message/name-addr.ts";
import { type Redirection, redirectionOf } from "../message/redirection.ts";

/** What an INVITE says of its caller and of the way it came. To be believed only from a trunk. */
export class CallerFacts {
  readonly request: SipRequest;
  readonly from: NameAddr;

  constructor(request: SipRequest) {
    this.request = request;
    this.from = request.from;
  }

  /** The first P-Asserted-Identity (RFC 3325). */
  get assertedIdentity(): NameAddr | undefined {
    const { sip, tel } = this.assertedIdentities;
    return sip ?? tel;
  }

  /** P-Asserted-Identity as SIP URI and as telephone number. */
  get assertedIdentities(): IdentityPair {
    return identityPair(this.request, "P-Asserted-Identity");
  }

  /** P-Preferred-Identity: which of its numbers the caller wants to show. */
  get preferredIdentity(): NameAddr | undefined {
    const { sip, tel } = identityPair(this.request, "P-Preferred-Identity");
    return sip ?? tel;
  }

  /** Remote-Party-ID of the calling party. */
  get remoteParty(): RemoteParty | undefined {
    return remotePartyOf(this.request);
  }

  get privacy(): ReadonlySet<PrivacyValue> {
    return privacyOf(this.request);
  }

  /** The caller wants not to be shown (RFC 3323); `Privacy: none` outweighs the rest. */
  get anonymous(): boolean {
    const { privacy } = this;
    const { user, host } = this.from.uri;
    if (user?.toLowerCase() === "anonymous" || host === "anonymous.invalid") return true;
    if (privacy.has("none")) return false;
    if (privacy.has("id") || privacy.has("user") || privacy.has("header")) return true;
    return this.remoteParty?.private === true;
  }

  /** Diversion values, the latest first (RFC 5806). */
  get diversions(): Diversion[] {
    return diversionsOf(this.request);
  }

  /** History-Info entries in their order (RFC 7044). */
  get history(): HistoryEntry[] {
    return historyOf(this.request);
  }

  /** Who sent the call on, first and last, from Diversion or History-Info. */
  get redirection(): Redirection | undefined {
    return redirectionOf(this.request);
  }

  /** The caller wishes that the phone answers by itself. */
  get autoAnswer(): AutoAnswer | undefined {
    return autoAnswerOf(this.request);
  }

  /** Who transferred the caller to us (RFC 3892). */
  get referredBy(): NameAddr | undefined {
    const value = this.request.headers.get("Referred-By");
    return value === undefined ? undefined : tryNameAddr(value, "Referred-By");
  }

  /** Hops left; a call passed on shall carry one less, so that loops through others end (RFC 7332). */
  get maxForwards(): number {
    return this.request.number("Max-Forwards") ?? 70;
  }
}
