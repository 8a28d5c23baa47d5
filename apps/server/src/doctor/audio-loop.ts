import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Ids } from "@svara/kernel";
import { type MediaHost, WorkerMediaHost } from "@svara/media";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { mulawSamples, toneShare } from "./tone-share.ts";

const TONE_HZ = 1000; // what the media host's beep sounds at
const TONE_MS = 800;
const SAMPLE_RATE = 8000; // G.711
const LISTEN_LIMIT_MS = 5000;
const CLEAR_SHARE = 0.5; // of all power heard, with the silence around it
const AUDIBLE_SHARE = 0.05;

/** What the far end of the loop heard. */
export interface Heard {
  /** The tone's share of all power in the recording, 0..1. */
  readonly share: number;
  readonly heardMs: number;
}

/**
 * Sends a tone over real RTP on this machine from one leg to another, records what arrives and measures it: sockets, timing, media
 * thread, codec and disk, as a call uses them.
 */
export async function checkAudioLoop(deps: { clock: Clock; ids: Ids }): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), "svara-doctor-"));
  let host: MediaHost | undefined;
  try {
    host = await WorkerMediaHost.start({
      bindAddress: "127.0.0.1",
      rtpPorts: { min: 0, max: 0 },
      webrtcPort: 0,
    });
    return judgeAudio(await sendTone(host, folder, deps));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      `a tone could not be sent from one leg to another: ${reason}`,
      "see whether a firewall on this machine blocks UDP on 127.0.0.1",
    );
  } finally {
    await host?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function sendTone(
  host: MediaHost,
  folder: string,
  { clock, ids }: { clock: Clock; ids: Ids },
): Promise<Heard> {
  const [speaker, listener, recording, playback] = [ids.next(), ids.next(), ids.next(), ids.next()];
  const offer = await host.request({ type: "leg.offer", legId: speaker, kind: "rtp", codecs: ["PCMU"] });
  const answer = await host.request({
    type: "leg.answer",
    legId: listener,
    kind: "rtp",
    remoteSdp: offer.sdp,
  });
  await host.request({ type: "leg.accept", legId: speaker, remoteSdp: answer.sdp });
  await host.request({
    type: "record.start",
    recordingId: recording,
    legId: listener,
    pathPrefix: join(folder, "loop"),
  });
  const played = ended(host, playback, clock);
  await host.request({
    type: "play.start",
    playbackId: playback,
    legId: speaker,
    items: [{ tone: "beep", durationMs: TONE_MS }],
  });
  await played;
  const { summary } = await host.request({ type: "record.stop", recordingId: recording });
  if (summary === null || summary.outcome === "failed") throw new Error("the recording failed");
  const samples = mulawSamples(await readFile(summary.tracks.in));
  return { share: toneShare(samples, TONE_HZ, SAMPLE_RATE), heardMs: (samples.length * 1000) / SAMPLE_RATE };
}

/** Resolves when the playback is over, or after the limit, whichever comes first. */
function ended(host: MediaHost, playbackId: string, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(LISTEN_LIMIT_MS, finish);
    const subscription = host.events.on((event) => {
      if (event.type === "play.ended" && event.playbackId === playbackId) finish();
    });
    function finish(): void {
      timer.dispose();
      subscription.dispose();
      resolve();
    }
  });
}

/** What the measurement means. */
export function judgeAudio({ share, heardMs }: Heard): Finding {
  const measured = `a ${TONE_HZ} Hz tone from one leg to another: ${Math.round(share * 100)} % of what was heard in ${Math.round(heardMs)} ms`;
  if (share >= CLEAR_SHARE) return ok(measured);
  const remedy =
    "see whether this machine is overloaded, and whether a firewall on it blocks UDP on 127.0.0.1";
  return share >= AUDIBLE_SHARE
    ? warn(`broken up: ${measured}`, remedy)
    : fail(`not heard: ${measured}`, remedy);
}
