import { describe, expect, test } from "vitest";
import { bitString, integer, objectIdentifier, octetString, sequence, time } from "./der.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("DER", () => {
  test("an integer is minimal and never negative", () => {
    expect(hex(integer(0))).toBe("020100");
    expect(hex(integer(127))).toBe("02017f");
    expect(hex(integer(128))).toBe("02020080");
    expect(hex(integer(Uint8Array.of(0, 0, 1, 2)))).toBe("02020102");
    expect(hex(integer(Uint8Array.of(0xff)))).toBe("020200ff");
  });

  test("an object identifier packs its first two numbers and splits large ones", () => {
    expect(hex(objectIdentifier("1.2.840.10045.4.3.2"))).toBe("06082a8648ce3d040302");
    expect(hex(objectIdentifier("2.5.29.17"))).toBe("0603551d11");
  });

  test("lengths from 128 on are written in the long form", () => {
    expect(hex(octetString(new Uint8Array(127))).slice(0, 4)).toBe("047f");
    expect(hex(octetString(new Uint8Array(128))).slice(0, 6)).toBe("048180");
    expect(hex(sequence(octetString(new Uint8Array(300)))).slice(0, 16)).toBe("308201300482012c");
  });

  test("a bit string says how many bits at its end are unused", () => {
    expect(hex(bitString(Uint8Array.of(0x06), 1))).toBe("03020106");
  });

  test("a year before 2050 is written short, a later one long", () => {
    expect(Buffer.from(time(Date.UTC(2049, 11, 31, 23, 59, 59))).toString("latin1")).toBe(
      "\x17\x0d491231235959Z",
    );
    expect(Buffer.from(time(Date.UTC(2050, 0, 1))).toString("latin1")).toBe("\x18\x0f20500101000000Z");
  });
});
