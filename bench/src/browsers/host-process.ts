/** The process that is measured with browsers and conferences: a media host as the server's threads run it. */
import { mkdtempSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import path from "node:path";
import { type BridgeId, type LegId, type RecordingId, SecureRandom, SystemClock } from "@svara/kernel";
import { LocalMediaHost } from "@svara/media";
import { answerParent, type HostAsk } from "./browser-command.ts";

try {
  setPriority(-10); // as the server's media threads
} catch {
  // no right to
}

const folder = mkdtempSync(path.join(tmpdir(), "svara-bench-browsers-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const host = await LocalMediaHost.start(
  { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0 },
  { clock: new SystemClock(), random: new SecureRandom(), warmUp: true },
);

answerParent<HostAsk>(async (ask) => {
  if (ask.kind === "close") return host.close();
  if (ask.kind === "room") return inRoom(ask);
  const legId = `leg-${ask.leg}` as LegId;
  const bridgeId = `bridge-${ask.leg >> 1}` as BridgeId;
  const recordingId = `recording-${ask.leg}` as RecordingId;
  const { sdp } = await host.request({ type: "leg.answer", legId, kind: "webrtc", remoteSdp: ask.sdp });
  await host.request({ type: "bridge.create", bridgeId });
  await host.request({ type: "bridge.join", bridgeId, legId });
  await host.request({
    type: "record.start",
    recordingId,
    legId,
    pathPrefix: path.join(folder, recordingId),
  });
  return sdp;
});

/** All members are parties: with the third it is mixed. */
async function inRoom({ leg, room, sdp }: HostAsk & { readonly kind: "room" }): Promise<string> {
  const legId = `leg-${leg}` as LegId;
  const bridgeId = `room-${room}` as BridgeId;
  const answer = await host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp: sdp });
  await host.request({ type: "bridge.create", bridgeId });
  await host.request({ type: "bridge.join", bridgeId, legId });
  return answer.sdp;
}
