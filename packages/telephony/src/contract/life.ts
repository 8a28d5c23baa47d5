import { expect, it } from "vitest";
import type { Stage } from "./stage.ts";

/** Lists, registrations, bans and the drain: TE27 to TE29, TE44. */
export function provesLife(stage: Stage): void {
  it("[TE27] legs are listed with state and bridge while they live", async () => {
    const a = await stage.customer();
    const one = stage.bridge();
    await stage.sw.createBridge(one);
    await stage.sw.join(one, a.legId);
    expect((await stage.sw.listLegs()).find((l) => l.legId === a.legId)).toMatchObject({
      state: "answered",
      bridgeId: one,
      direction: "inbound",
    });
    a.call.hangup();
    await stage.ended(a.legId);
    expect((await stage.sw.listLegs()).some((l) => l.legId === a.legId)).toBe(false);
  });

  it("[TE29] registrations are reported, the last to go as unregistered", async () => {
    const phone = await stage.harness.phone();
    expect(stage.sw.isRegistered(phone.endpointId)).toBe(false);
    await phone.register();
    await stage.next("endpoint.registered", (e) => e.endpointId === phone.endpointId);
    expect(stage.sw.isRegistered(phone.endpointId)).toBe(true);
    await phone.unregister();
    await stage.next("endpoint.unregistered", (e) => e.endpointId === phone.endpointId);
    expect(stage.sw.isRegistered(phone.endpointId)).toBe(false);
  });

  it("[TE44] an address with too many wrong passwords is banned until it is let off", async () => {
    const intruder = await stage.harness.intruder();
    for (let tries = 0; !stage.seen.some((e) => e.type === "source.banned") && tries < 60; tries++)
      await Promise.race([intruder.register().catch(() => undefined), stage.next("source.banned")]);
    const { address } = await stage.next("source.banned");
    expect(stage.sw.bans().map((ban) => ban.address)).toContain(address);
    // others are served
    const { legId, call } = await stage.calledPhone();
    await stage.over({ legId, call });
    stage.sw.unban(address);
    expect(stage.sw.bans().map((ban) => ban.address)).not.toContain(address);
  });

  it("[TE28] a draining switch refuses new calls and keeps the old", async () => {
    const a = await stage.customer();
    stage.sw.drain();
    const outside = await stage.harness.outside();
    const call = await outside.call("100");
    expect(await call.whenEnded()).toMatchObject({ by: "remote", status: 503 });
    expect((await stage.sw.listLegs()).some((l) => l.legId === a.legId)).toBe(true);
    a.call.hangup();
    await stage.ended(a.legId);
  });
}
