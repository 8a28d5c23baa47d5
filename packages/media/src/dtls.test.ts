import { describe, expect, it } from "vitest";
import { makeDtlsIdentity } from "./dtls.ts";
import { rehearseDtls } from "./dtls-rehearsal.ts";

describe("DTLS", () => {
  it("[ME39] gives both sides the same keys", async () => {
    const { server, client, settled } = await rehearseDtls();
    expect(server.profile).toBe("AES_CM_128_HMAC_SHA1_80");
    expect(server.local.key).toEqual(client.remoteKey);
    expect(server.remote.key).toEqual(client.localKey);
    await settled;
  });

  it("[ME39] refuses a client whose certificate is not that of its SDP", async () => {
    const [server, client, other] = await Promise.all([
      makeDtlsIdentity(),
      makeDtlsIdentity(),
      makeDtlsIdentity(),
    ]);
    await expect(rehearseDtls(server, client, other.fingerprint)).rejects.toThrow(
      "does not match the fingerprint",
    );
  });

  it("[ME39] refuses a client that shows another's certificate without its key", async () => {
    const [server, victim, thief] = await Promise.all([
      makeDtlsIdentity(),
      makeDtlsIdentity(),
      makeDtlsIdentity(),
    ]);
    const impostor = { ...thief, certPem: victim.certPem };
    await expect(rehearseDtls(server, impostor, victim.fingerprint)).rejects.toThrow("bad signature");
  });
});
