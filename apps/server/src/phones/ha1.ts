import { createHash } from "node:crypto";

/** The digest realm of everything that signs in to us over SIP. */
export const SIP_REALM = "svara";

/** What is kept of a SIP password: H(user:realm:password), lower-case hexadecimal (RFC 8760, section 2.7; RFC 2617). */
export interface Ha1 {
  readonly md5: string;
  readonly sha256: string;
}

export function makeHa1(username: string, password: string): Ha1 {
  const text = `${username}:${SIP_REALM}:${password}`;
  return {
    md5: createHash("md5").update(text).digest("hex"),
    sha256: createHash("sha256").update(text).digest("hex"),
  };
}
