import * as path from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";
import { SettingsError } from "./settings-error.ts";

test("nothing set gives the defaults of the documentation", () => {
  expect(readSettings({})).toMatchObject({
    httpPort: 8080,
    sipPort: 5060,
    rtpPorts: { min: 20_000, max: 29_999 },
    dataDir: path.resolve("data"),
    databaseUrl: null,
    tls: null,
    logLevel: "info",
  });
});

test("an empty variable is an unset one", () => {
  expect(readSettings({ SVARA_HTTP_PORT: " ", SVARA_LOG_LEVEL: "" })).toEqual(readSettings({}));
});

test.each([
  ["SVARA_HTTP_PORT", "eighty"],
  ["SVARA_HTTP_PORT", "65536"],
  ["SVARA_HTTP_PORT", "-1"],
  ["SVARA_HTTP_HOST", "nowhere.example"],
  ["SVARA_SIP_PORT", "5060/udp"],
  ["SVARA_MEDIA_ADDRESS", "0.0.0.0"],
  ["SVARA_TURN_URL", "https://turn.example.org"],
  ["SVARA_TURN_URL", ""],
  ["SVARA_TURN_SECRET", ""],
  ["SVARA_RTP_PORTS", "29999-20000"],
  ["SVARA_RTP_PORTS", "20000"],
  ["SVARA_MEDIA_HOSTS", "0"],
  ["SVARA_MEDIA_HOSTS", "many"],
  ["SVARA_DATABASE_URL", "mysql://u:p@h/d"],
  ["SVARA_TLS_CERT", "/nowhere/cert.pem"],
  ["SVARA_LOG_LEVEL", "loud"],
])("%s=%s is refused by name, with what is allowed", (variable, value) => {
  const error = caught(() =>
    readSettings({
      [variable]: value,
      ...(variable === "SVARA_TLS_CERT" && { SVARA_TLS_KEY: value }),
      ...(variable === "SVARA_TURN_URL" && { SVARA_TURN_SECRET: "s" }),
      ...(variable === "SVARA_TURN_SECRET" && { SVARA_TURN_URL: "turn:turn.example.org" }),
    }),
  );
  expect(error).toBeInstanceOf(SettingsError);
  expect(error).toMatchObject({ variable, code: "settings.invalid" });
  expect((error as SettingsError).allowed.length).toBeGreaterThan(10);
});

test("relays may be several, and a stun server needs no secret", () => {
  const SVARA_TURN_URL = "turn:turn.example.org:3478?transport=udp, turns:turn.example.org:5349";
  expect(readSettings({ SVARA_TURN_URL, SVARA_TURN_SECRET: "s" }).turn).toEqual({
    urls: ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:5349"],
    secret: "s",
  });
  expect(readSettings({ SVARA_TURN_URL: "stun:stun.example.org" }).turn?.secret).toBeNull();
});

test("no secret is shown in the complaint", () => {
  const short = caught(() => readSettings({ SVARA_SECRET_KEY: "hunter2" }));
  expect((short as Error).message).not.toContain("hunter2");
  const url = caught(() => readSettings({ SVARA_DATABASE_URL: "http://u:hunter2@h/d" }));
  expect((url as Error).message).not.toContain("hunter2");
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
