import { tryNameAddr } from "../message/caller-identity.ts";
import { type DiversionParts, type DiversionReason, diversionsOf } from "../message/diversion.ts";
import type { SipResponse } from "../message/message.ts";
import type { SipUri } from "../message/uri.ts";

/** A place that a 3xx names instead of the one called. */
export interface RedirectContact {
  readonly uri: string;
  readonly displayName: string | undefined;
  /** 0 to 1, the more the better. */
  readonly q: number;
}

/** How an outgoing call follows 3xx responses (RFC 3261 section 8.1.3.4). */
export interface FollowRedirects {
  /** Whether this place may be called; toll fraud lives from those who do not ask. */
  readonly allow: (uri: SipUri) => boolean;
  /** Redirections one after the other; default 5. */
  readonly maxHops?: number;
}

/** A place still to be called because of a redirection. */
export interface RedirectTarget {
  readonly uri: SipUri;
  /** For a 305: the proxy to go through, while `uri` stays the one called before. */
  readonly proxy: string | undefined;
  readonly hops: number;
  readonly diversions: readonly DiversionParts[];
}

const MAX_HOPS = 5;
/** Contacts of one 3xx beyond this are not followed. */
const MAX_CONTACTS = 10;
const FOLLOWED: ReadonlySet<number> = new Set([300, 301, 302, 305]);

/** The usable Contacts of a 3xx, best first; equal ones in their order. */
export function redirectContacts(response: SipResponse): RedirectContact[] {
  return contactAddresses(response).map(({ uri, displayName, q }) => ({ uri: uri.text, displayName, q }));
}

/** Remembers where a call has been, and says where a 3xx may send it next. */
export class Redirects {
  readonly #options: FollowRedirects;
  readonly #seen = new Set<string>();

  constructor(options: FollowRedirects) {
    this.#options = options;
  }

  /** A place that was called, so that no redirection leads back to it. */
  visited(uri: SipUri): void {
    this.#seen.add(placeKey(uri, undefined));
  }

  /** What to call after `response` came from `from`; places seen before, or not allowed, are left out. */
  next(
    response: SipResponse,
    from: { uri: SipUri; hops: number; rang: boolean; diversions: readonly DiversionParts[] },
  ): RedirectTarget[] {
    const hops = from.hops + 1;
    if (!FOLLOWED.has(response.status) || hops > (this.#options.maxHops ?? MAX_HOPS)) return [];
    const diversions = [...divertedFrom(response, from), ...from.diversions];
    const found: RedirectTarget[] = [];
    for (const { uri } of contactAddresses(response).slice(0, MAX_CONTACTS)) {
      const proxy = response.status === 305 ? uri.text : undefined;
      const target = proxy === undefined ? uri : from.uri;
      const key = placeKey(target, proxy);
      if (this.#seen.has(key) || !this.#options.allow(uri)) continue;
      this.#seen.add(key);
      found.push({
        uri: target,
        proxy,
        hops,
        diversions: proxy === undefined ? diversions : from.diversions,
      });
    }
    return found;
  }
}

/** The 3xx's own Diversion when it brings one; else the place called, deflecting if it rang and unconditional if not. */
function divertedFrom(response: SipResponse, from: { uri: SipUri; rang: boolean }): DiversionParts[] {
  const [told] = diversionsOf(response);
  if (told) {
    const { address, reason, counter } = told;
    return [
      { uri: address.uri.text, displayName: address.displayName, reason, counter, private: told.private },
    ];
  }
  const reason: DiversionReason = from.rang ? "deflection" : "unconditional";
  return [{ uri: bare(from.uri), reason }];
}

function contactAddresses(
  response: SipResponse,
): { uri: SipUri; displayName: string | undefined; q: number }[] {
  const found = response.list("Contact").flatMap((value) => {
    const address = tryNameAddr(value, "Contact");
    if (!address || !["sip", "sips", "tel"].includes(address.uri.scheme)) return [];
    const q = Number(address.params.get("q") ?? "1");
    // Headers and method of a Contact URI are not for the Request-URI (RFC 3261 section 19.1.5).
    const uri: SipUri = { ...address.uri, headers: undefined, text: withoutHeaders(address.uri.text) };
    return [{ uri, displayName: address.displayName, q: q >= 0 && q <= 1 ? q : 0 }];
  });
  return found.sort((a, b) => b.q - a.q);
}

function withoutHeaders(text: string): string {
  const at = text.indexOf("@");
  const question = text.indexOf("?", Math.max(0, at));
  return question < 0 ? text : text.slice(0, question);
}

/** The URI without parameters, as it stands in Diversion. */
function bare(uri: SipUri): string {
  const at = uri.text.indexOf("@");
  const semicolon = uri.text.indexOf(";", Math.max(0, at));
  return semicolon < 0 ? withoutHeaders(uri.text) : uri.text.slice(0, semicolon);
}

function placeKey(uri: SipUri, proxy: string | undefined): string {
  return `${uri.scheme} ${uri.user ?? ""} ${uri.host} ${uri.port ?? ""} ${proxy ?? ""}`;
}
