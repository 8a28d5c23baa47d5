/** Distinguished Encoding Rules (ITU-T X.690), as much as an X.509 certificate needs. Every function gives one whole element. */

/** Bytes of one or more encoded elements. */
export type Der = Uint8Array<ArrayBuffer>;

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;
const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

export function sequence(...items: readonly Der[]): Der {
  return element(TAG.sequence, join(items));
}

export function set(item: Der): Der {
  return element(TAG.set, item);
}

/** A value that is there only when true: DER forbids writing a default. */
export function boolean(value: boolean): Der {
  return element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A non-negative integer, big-endian; leading zeros are dropped and the sign bit is kept clear (X.690, 8.3). */
export function integer(magnitude: Uint8Array | number): Der {
  const bytes = typeof magnitude === "number" ? numberBytes(magnitude) : magnitude;
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = first === -1 ? Uint8Array.of(0) : bytes.slice(first);
  return element(TAG.integer, (trimmed[0] ?? 0) & 0x80 ? join([Uint8Array.of(0), trimmed]) : join([trimmed]));
}

export function octetString(content: Uint8Array): Der {
  return element(TAG.octetString, content);
}

/** A bit string; `unusedBits` (0..7) at its end do not count. */
export function bitString(content: Uint8Array, unusedBits = 0): Der {
  return element(TAG.bitString, join([Uint8Array.of(unusedBits), content]));
}

export function utf8String(text: string): Der {
  return element(TAG.utf8String, new TextEncoder().encode(text));
}

/** An object identifier written with dots (X.690, 8.19). */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(TAG.objectIdentifier, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** An instant in milliseconds, to the second: UTCTime before 2050, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(instant: number): Der {
  const digits = `${new Date(instant).toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  const isShort = digits < "2050" && digits >= "1950";
  return element(
    isShort ? TAG.utcTime : TAG.generalizedTime,
    new TextEncoder().encode(isShort ? digits.slice(2) : digits),
  );
}

/** `[number]` around whole elements. */
export function explicit(number: number, ...items: readonly Der[]): Der {
  return element(CONTEXT | CONSTRUCTED | number, join(items));
}

/** `[number]` in place of a primitive element's own tag. */
export function implicit(number: number, content: Uint8Array): Der {
  return element(CONTEXT | number, content);
}

/** PEM's armour around `der` (RFC 7468). */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function element(tag: number, content: Uint8Array): Der {
  return join([Uint8Array.of(tag, ...lengthBytes(content.length)), content]);
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes = [...numberBytes(length)];
  return [0x80 | bytes.length, ...bytes];
}

function numberBytes(value: number): Uint8Array {
  const bytes = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes.length === 0 ? [0] : bytes);
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

function join(parts: readonly Uint8Array[]): Der {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
