/** Long names of headers as they are written; the key is the name in lower case. */
const LONG_NAMES = [
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Alert-Info",
  "Allow",
  "Allow-Events",
  "Answer-Mode",
  "Authentication-Info",
  "Authorization",
  "Call-Info",
  "Call-ID",
  "Contact",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Length",
  "Content-Type",
  "CSeq",
  "Date",
  "Diversion",
  "Event",
  "Expires",
  "From",
  "History-Info",
  "Max-Forwards",
  "Min-Expires",
  "Min-SE",
  "P-Asserted-Identity",
  "P-Preferred-Identity",
  "Privacy",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Require",
  "RAck",
  "Reason",
  "Record-Route",
  "Refer-To",
  "Refer-Sub",
  "Referred-By",
  "Remote-Party-ID",
  "Replaces",
  "Require",
  "Retry-After",
  "Route",
  "RSeq",
  "Server",
  "Session-Expires",
  "Subject",
  "Subscription-State",
  "Supported",
  "To",
  "Unsupported",
  "User-Agent",
  "Via",
  "Warning",
  "WWW-Authenticate",
];

/** Compact forms (RFC 3261 section 7.3.3 and the registry of header fields). */
const COMPACT: Record<string, string> = {
  a: "accept-contact",
  d: "request-disposition",
  j: "reject-contact",
  y: "identity",
  c: "content-type",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  k: "supported",
  l: "content-length",
  m: "contact",
  o: "event",
  r: "refer-to",
  b: "referred-by",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
  x: "session-expires",
};

const WRITTEN = new Map<string, string>();
const KEYS = new Map<string, string>();
for (const name of LONG_NAMES) {
  const key = name.toLowerCase();
  WRITTEN.set(key, name);
  KEYS.set(name, key);
  KEYS.set(key, key);
}
for (const [letter, key] of Object.entries(COMPACT)) {
  KEYS.set(letter, key);
  KEYS.set(letter.toUpperCase(), key);
}

/** The key of a header name: lower case, compact forms made long. */
function headerKey(name: string): string {
  return KEYS.get(name) ?? name.toLowerCase();
}

/** The ordered header fields of a message; values unparsed, names found in any case and form. */
export class SipHeaders {
  readonly #keys: string[] = [];
  readonly #values: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** The first value, or undefined. */
  get(name: string): string | undefined {
    const i = this.#keys.indexOf(headerKey(name));
    return i < 0 ? undefined : this.#values[i];
  }

  /** The values of all lines of that name, not split at commas. */
  all(name: string): string[] {
    const key = headerKey(name);
    const found: string[] = [];
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#keys[i] === key) found.push(this.#values[i] ?? "");
    }
    return found;
  }

  count(name: string): number {
    const key = headerKey(name);
    let n = 0;
    for (const k of this.#keys) if (k === key) n++;
    return n;
  }

  add(name: string, value: string): this {
    this.#keys.push(headerKey(name));
    this.#values.push(value);
    return this;
  }

  /** Adds above all others. */
  prepend(name: string, value: string): this {
    this.#keys.unshift(headerKey(name));
    this.#values.unshift(value);
    return this;
  }

  /** Replaces the first line of that name, or adds one. */
  set(name: string, value: string): this {
    const i = this.#keys.indexOf(headerKey(name));
    if (i < 0) return this.add(name, value);
    this.#values[i] = value;
    return this;
  }

  remove(name: string): this {
    const key = headerKey(name);
    for (let i = this.#keys.length - 1; i >= 0; i--) {
      if (this.#keys[i] !== key) continue;
      this.#keys.splice(i, 1);
      this.#values.splice(i, 1);
    }
    return this;
  }

  clone(): SipHeaders {
    const copy = new SipHeaders();
    for (let i = 0; i < this.#keys.length; i++) {
      copy.#keys.push(this.#keys[i] ?? "");
      copy.#values.push(this.#values[i] ?? "");
    }
    return copy;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (let i = 0; i < this.#keys.length; i++) yield [this.#keys[i] ?? "", this.#values[i] ?? ""];
  }

  /** The header section as it goes on the wire, without the empty line. */
  format(): string {
    let out = "";
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i] ?? "";
      out += `${WRITTEN.get(key) ?? key}: ${this.#values[i] ?? ""}\r\n`;
    }
    return out;
  }
}
