import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Ids } from "@svara/kernel";
import { type MediaHost, WorkerMediaHost } from "@svara/media";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { mulawSamples, toneOnsetMs, toneShare } from "./tone-share.ts";

const TONE_HZ = 1000; // what the media host's beep sounds at
const TONE_MS = 800;
const SAMPLE_RATE = 8000; // G.711
const LISTEN_LIMIT_MS = 5000;
const CLEAR_SHARE = 0.5; // of all power heard, with the silence around it
const AUDIBLE_SHARE = 0.05;
const TOLERATED_LOSS = 0.01;
const SLOW_MS = 150; // ITU-T G.114: up to here talk does not suffer

/** What the far end of the loop heard. */
export interface Heard {
  /** The tone's share of all power in the recording, 0..1. */
  readonly share: number;
  readonly heardMs: number;
  /** From the order to play until it was heard; null when it was not. */
  readonly delayMs: number | null;
  /** Packets of RTP that did not arrive, of those that were sent. */
  readonly lost: number;
  readonly packets: number;
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
  const now = (): number => clock.now();
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
  const recordingSince = now();
  const played = ended(host, playback, clock);
  const ordered = now();
  await host.request({
    type: "play.start",
    playbackId: playback,
    legId: speaker,
    items: [{ tone: "beep", durationMs: TONE_MS }],
  });
  await played;
  const { summary } = await host.request({ type: "record.stop", recordingId: recording });
  if (summary === null || summary.outcome === "failed") throw new Error("the recording failed");
  const { stats } = await host.request({ type: "leg.close", legId: listener });
  const samples = mulawSamples(await readFile(summary.tracks.in));
  const onsetMs = toneOnsetMs(samples, TONE_HZ, SAMPLE_RATE);
  return {
    share: toneShare(samples, TONE_HZ, SAMPLE_RATE),
    heardMs: (samples.length * 1000) / SAMPLE_RATE,
    delayMs: onsetMs === null ? null : Math.max(0, onsetMs - (ordered - recordingSince)),
    lost: stats?.packetsLost ?? 0,
    packets: (stats?.packetsReceived ?? 0) + (stats?.packetsLost ?? 0),
  };
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
export function judgeAudio({ share, heardMs, delayMs, lost, packets }: Heard): Finding {
  const delay =
    delayMs === null ? "" : `, after ${Math.round(delayMs)} ms, ${lost} of ${packets} packets lost`;
  const measured = `a ${TONE_HZ} Hz tone from one leg to another: ${Math.round(share * 100)} % of what was heard in ${Math.round(heardMs)} ms${delay}`;
  const remedy =
    "see whether this machine is overloaded, and whether a firewall on it blocks UDP on 127.0.0.1";
  if (share < AUDIBLE_SHARE) return fail(`not heard: ${measured}`, remedy);
  if (share < CLEAR_SHARE || lost > packets * TOLERATED_LOSS) return warn(`broken up: ${measured}`, remedy);
  return delayMs !== null && delayMs > SLOW_MS
    ? warn(`late: ${measured}`, "see what else keeps this machine busy")
    : ok(measured);
}
