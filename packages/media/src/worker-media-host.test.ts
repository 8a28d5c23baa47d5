import { describe, expect, it } from "vitest";
import type { MediaEvent } from "./media-host.ts";
import { goertzel, RtpPhone } from "./testing.ts";
import { WorkerMediaHost } from "./worker-media-host.ts";

const options = { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0 };

describe("a host in a worker", () => {
  it("[ME44] plays, reports, refuses and closes as one in this thread", async () => {
    const host = await WorkerMediaHost.start(options);
    const events: MediaEvent[] = [];
    host.events.on((event) => events.push(event));
    const phone = await RtpPhone.open();
    const answer = { type: "leg.answer", legId: "a", kind: "rtp", remoteSdp: phone.sdp() } as const;
    expect((await host.request(answer)).codec).toBe("PCMA");
    const ended = new Promise<void>((resolve) => host.events.on((e) => e.type === "play.ended" && resolve()));
    const items = [{ tone: "beep" }] as const;
    await host.request({ type: "play.start", playbackId: "p", legId: "a", items });
    await phone.hears(20);
    await ended;
    expect(goertzel(phone.samples(), 1000, 8000)).toBeGreaterThan(0.9);
    const refused = host.request({ ...answer, legId: "b", remoteSdp: "garbage" });
    await expect(refused).rejects.toMatchObject({ code: "media.bad_sdp", sipStatus: 400 });
    await host.close();
    await host.close();
    await expect(host.request({ type: "stats" })).rejects.toMatchObject({ code: "media.host_closed" });
    expect(events.some((e) => e.type === "host.failed")).toBe(false);
    await phone.close();
  });

  it("[ME44] says so when its port is taken", async () => {
    const first = await WorkerMediaHost.start(options);
    const taken = WorkerMediaHost.start({ ...options, webrtcPort: first.webrtcPort });
    await expect(taken).rejects.toThrow("EADDRINUSE");
    await first.close();
  });

  it("[ME44] that dies refuses what was asked and says so", async () => {
    const host = await WorkerMediaHost.start(options);
    const failed = new Promise<MediaEvent>((resolve) =>
      host.events.on((e) => e.type === "host.failed" && resolve(e)),
    );
    // A command whose data cannot be read by the host breaks nothing; the end of the thread is ours to bring about.
    const asked = host.request({ type: "dtmf.send", legId: "none", digits: "1" });
    await expect(asked).rejects.toMatchObject({ code: "media.unknown_leg" });
    const killed = host.kill();
    const pending = host.request({ type: "stats" }); // asked of a thread that ends: nobody answers any more
    await expect(pending).rejects.toMatchObject({ code: "media.host_closed" });
    await killed;
    expect(await failed).toMatchObject({ type: "host.failed" });
    await expect(host.request({ type: "stats" })).rejects.toMatchObject({ code: "media.host_closed" });
    await host.close();
  });
});
