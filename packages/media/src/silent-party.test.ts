import { afterEach, beforeEach, describe, it } from "vitest";
import { startTestHost, type TestHost } from "./test-host.ts";
import { RtpPhone } from "./testing.ts";

const silence = new Uint8Array(160).fill(0xd5);

describe("a party that says nothing", () => {
  let t: TestHost;
  let phone: RtpPhone;
  let moved: RtpPhone;

  beforeEach(async () => {
    t = await startTestHost({ mediaTimeoutMs: 60_000 });
    phone = await RtpPhone.open(1);
    moved = await RtpPhone.open(1);
    const answer = await t.host.request({
      type: "leg.answer",
      legId: "a",
      kind: "rtp",
      remoteSdp: phone.sdp({ codecs: ["PCMA"] }),
    });
    phone.aim(answer.sdp);
    moved.aim(answer.sdp);
    await t.host.request({
      type: "play.start",
      playbackId: "p",
      legId: "a",
      items: [{ tone: "ringback" }],
      loop: true,
    });
  });

  afterEach(async () => {
    await t.host.close();
    await phone.close();
    await moved.close();
  });

  it("[ME101] goes on hearing, and is heard as soon as it speaks", async () => {
    t.clock.advance(9_500); // opened at 9 s, closed again at 9.15 s
    const before = phone.heard.length;
    t.clock.advance(200);
    await phone.hears(before + 10);
    await phone.send(8, silence);
    await t.next("leg.media");
  });

  it("[ME101] is heard from elsewhere within the next second, and then hears there", async () => {
    t.clock.advance(9_000);
    for (let n = 0; n < 4; n++) await moved.send(8, silence);
    await t.next("leg.media");
    t.clock.advance(200);
    await moved.hears(5);
  });

  it("[ME101] whoever is on probation is given the time for it", async () => {
    t.clock.advance(9_000);
    for (let n = 0; n < 3; n++) await moved.send(8, silence);
    await t.received("a", 3);
    t.clock.advance(60);
    await moved.send(8, silence);
    await t.next("leg.media");
  });
});
