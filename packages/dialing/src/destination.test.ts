import { describe, expect, test } from "vitest";
import { formatNumber, readDestination } from "./destination.ts";

const SE = { country: "SE" };

describe("what was dialled", () => {
  test.each([
    ["08-123 456 01", "SE", "national", "+46812345601", "SE"],
    ["+46 8 123 456 01", "SE", "national", "+46812345601", "SE"],
    ["0049 30 901820", "SE", "international", "+4930901820", "DE"],
    ["011 44 20 7946 0958", "US", "international", "+442079460958", "GB"],
    ["(212) 555-2368", "US", "national", "+12125552368", "US"],
    ["044 123 4567", "UA", "national", "+380441234567", "UA"],
  ])("[DI1] %s in %s is %s %s", (text, country, kind, e164, reached) => {
    expect(readDestination(text, { country })).toMatchObject({ kind, e164, country: reached });
  });

  test("[DI1] a short code is special, and what is no number is nothing", () => {
    expect(readDestination("11414", SE)).toEqual({ kind: "special", dialled: "11414", highCost: true });
    for (const text of ["", "x", "1", "12a4", "+", "123456789012345678901"])
      expect(readDestination(text, SE)).toBeUndefined();
  });

  test("[DI1] the digits for an outside line are taken off", () => {
    const plan = { country: "US", outsidePrefix: "9" };
    expect(readDestination("9 212 555 2368", plan)).toMatchObject({ e164: "+12125552368" });
  });

  test.each([
    ["112", "SE"],
    ["112", "US"],
    ["911", "US"],
    ["999", "GB"],
    ["103", "UA"],
    ["02", "RU"],
  ])("[DI2] %s calls for help in %s", (digits, country) => {
    expect(readDestination(digits, { country })?.kind).toBe("emergency");
    expect(readDestination(`9${digits}`, { country, outsidePrefix: "9" })).toMatchObject({
      kind: "emergency",
      dialled: digits,
    });
  });

  test("[DI2] another country's number does not", () => {
    expect(readDestination("911", SE)?.kind).toBe("special");
  });

  test.each([
    ["+46900123456", true], // premium in Sweden
    ["+881612345678", true], // satellite
    ["+882161234567", true], // global network
    ["+46812345601", false],
    ["118118", true], // a directory service
    ["116117", false], // free in Europe
  ])("[DI3] %s is of high cost: %s", (number, highCost) => {
    expect(readDestination(number, SE)?.highCost).toBe(highCost);
  });

  test("[DI4] each carrier gets its own format", () => {
    const at = readDestination("08-123 456 01", SE);
    const abroad = readDestination("+4930901820", SE);
    const help = readDestination("112", SE);
    if (!at || !abroad || !help) throw new Error("all three are numbers");
    expect(formatNumber(at, "e164_plus", "SE")).toBe("+46812345601");
    expect(formatNumber(at, "e164", "SE")).toBe("46812345601");
    expect(formatNumber(at, "national", "SE")).toBe("0812345601");
    expect(formatNumber(at, "as_dialled", "SE")).toBe("0812345601");
    expect(formatNumber(abroad, "national", "SE")).toBe("004930901820");
    expect(formatNumber(help, "e164_plus", "SE")).toBe("112");
  });
});
