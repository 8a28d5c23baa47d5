import { useEffect, useRef, useState } from "react";
import { encodeWav, trimSilence } from "./encode-wav.ts";

export type RecorderState =
  | { readonly kind: "idle" }
  | { readonly kind: "recording"; readonly startedAt: number }
  | { readonly kind: "working" }
  | { readonly kind: "done"; readonly file: Blob; readonly durationMs: number }
  | { readonly kind: "failed" };

/** Records the microphone and hands back a trimmed WAV. */
export function useRecorder(now: () => number): {
  readonly state: RecorderState;
  start(): void;
  stop(): void;
  reset(): void;
} {
  const [state, setState] = useState<RecorderState>({ kind: "idle" });
  const recorder = useRef<MediaRecorder>(undefined);

  useEffect(() => () => release(recorder.current), []);

  async function start(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { noiseSuppression: true } });
      const media = new MediaRecorder(stream);
      const chunks: Blob[] = [];
      media.addEventListener("dataavailable", (event) => chunks.push(event.data));
      media.addEventListener("stop", () => {
        release(media);
        setState({ kind: "working" });
        toWav(new Blob(chunks)).then(
          ({ file, durationMs }) => setState({ kind: "done", file, durationMs }),
          () => setState({ kind: "failed" }),
        );
      });
      recorder.current = media;
      media.start();
      setState({ kind: "recording", startedAt: now() });
    } catch {
      setState({ kind: "failed" });
    }
  }
  return {
    state,
    start: () => void start(),
    stop: () => recorder.current?.state === "recording" && recorder.current.stop(),
    reset: () => setState({ kind: "idle" }),
  };
}

function release(media: MediaRecorder | undefined): void {
  for (const track of media?.stream.getTracks() ?? []) track.stop();
}

/** Whatever the browser recorded, decoded, made mono, trimmed, as WAV. */
async function toWav(recorded: Blob): Promise<{ file: Blob; durationMs: number }> {
  const context = new AudioContext();
  try {
    const audio = await context.decodeAudioData(await recorded.arrayBuffer());
    const samples = trimSilence(audio.getChannelData(0), audio.sampleRate);
    return {
      file: new Blob([encodeWav(samples, audio.sampleRate)], { type: "audio/wav" }),
      durationMs: Math.round((samples.length / audio.sampleRate) * 1000),
    };
  } finally {
    await context.close();
  }
}
