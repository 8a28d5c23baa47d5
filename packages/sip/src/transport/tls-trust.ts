import {
  type ConnectionOptions,
  checkServerIdentity,
  getCACertificates,
  type PeerCertificate,
} from "node:tls";

/** Whom to believe at the other end of a TLS connection that we make. */
export type TlsTrust =
  /** Certificates issued by the authorities this machine and Node trust. */
  | { readonly kind: "system" }
  /** Certificates issued by these authorities (PEM) only; a self-signed certificate is its own. */
  | { readonly kind: "pinned"; readonly ca: string | readonly string[] }
  /** Anybody: keeps listeners out, not impostors. */
  | { readonly kind: "unverified" };

let systemAuthorities: string[] | undefined;

/**
 * How to connect to `name`, the host of the URI that was asked for: not the name that DNS led to, since an answer of
 * DNS can be forged (RFC 5922 section 4).
 */
export function tlsOptions(name: string, trust: TlsTrust): ConnectionOptions {
  // SNI takes no addresses (RFC 6066 section 3); a certificate may still name one.
  const servername = /[a-z]/i.test(name) && !name.includes(":") ? name : "";
  const common = {
    servername,
    minVersion: "TLSv1.2",
    checkServerIdentity: (_host: string, peer: PeerCertificate) => checkSipIdentity(name, peer),
  } as const;
  switch (trust.kind) {
    case "system":
      systemAuthorities ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
      return { ...common, ca: systemAuthorities };
    case "pinned":
      return { ...common, ca: typeof trust.ca === "string" ? trust.ca : [...trust.ca] };
    case "unverified":
      return { ...common, rejectUnauthorized: false };
  }
}

/** A certificate may name the domain as `URI:sip:example.com` (RFC 5922 section 7.1) or as any TLS server does. */
function checkSipIdentity(name: string, peer: PeerCertificate): Error | undefined {
  const names = (peer.subjectaltname ?? "").split(", ").map((entry) => entry.toLowerCase());
  if (names.includes(`uri:sip:${name.toLowerCase()}`)) return undefined;
  return checkServerIdentity(name, peer);
}
