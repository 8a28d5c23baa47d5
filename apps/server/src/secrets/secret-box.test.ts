import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSecretBox, SECRET_KEY_FILE } from "./secret-box.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "svara-secret-"));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

const other = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

describe("the secret box", () => {
  it("opens what it sealed, also after a restart", () => {
    const sealed = openSecretBox({ dataDir }).seal("pässword", "trunk/1/password");
    expect(sealed).not.toContain("password");
    expect(openSecretBox({ dataDir }).open(sealed, "trunk/1/password")).toBe("pässword");
  });

  it("seals the same text differently each time", () => {
    const box = openSecretBox({ dataDir });
    expect(box.seal("x", "c")).not.toBe(box.seal("x", "c"));
  });

  it("opens a secret only in its own place", () => {
    const box = openSecretBox({ dataDir });
    const sealed = box.seal("x", "trunk/1/password");
    expect(() => box.open(sealed, "trunk/2/password")).toThrow(/belongs elsewhere/);
  });

  it.each(["", "x", "s1.aa", "s1.00000000.AA.AA"])("refuses the forged secret %j", (sealed) => {
    expect(() => openSecretBox({ dataDir }).open(sealed, "c")).toThrow();
  });

  it("notices a changed bit and a shortened tag", () => {
    const box = openSecretBox({ dataDir });
    const sealed = box.seal("secret", "c");
    const [format, id, iv, body = ""] = sealed.split(".");
    const bytes = Buffer.from(body, "base64url");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    const forged = [format, id, iv, bytes.toString("base64url")].join(".");
    expect(() => box.open(forged, "c")).toThrow(/was changed/);
    const short = [format, id, iv, Buffer.from(body, "base64url").subarray(0, 8).toString("base64url")].join(
      ".",
    );
    expect(() => box.open(short, "c")).toThrow(/was changed/);
  });

  it("keeps its key in a file that only we may read", () => {
    openSecretBox({ dataDir });
    expect(fs.statSync(path.join(dataDir, SECRET_KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it("goes over to a key of the environment and still opens what the file's key sealed", () => {
    const sealed = openSecretBox({ dataDir }).seal("old", "c");
    const box = openSecretBox({ dataDir, secretKey: other });
    expect(box.source).toBe("environment");
    expect(box.open(sealed, "c")).toBe("old");
    const renewed = box.seal("new", "c");
    expect(() => openSecretBox({ dataDir }).open(renewed, "c")).toThrow(/key .* is not here/);
  });

  it("says how a key must look, without quoting it", () => {
    expect(() => openSecretBox({ dataDir, secretKey: "hunter2" })).toThrow(
      /SVARA_SECRET_KEY must hold 32 bytes/,
    );
    expect(() => openSecretBox({ dataDir, secretKey: "hunter2" })).not.toThrow(/hunter2/);
  });
});
