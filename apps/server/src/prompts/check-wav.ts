import { HttpError } from "../http/http-error.ts";

export interface WavFacts {
  readonly durationMs: number;
}

const PCM = 1;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;
const SHORTEST_MS = 100;
const LONGEST_MS = 30 * 60_000;

/**
 * What a WAV file holds: RIFF WAVE with PCM 16 bit or G.711, one or two channels, 8 to 48 kHz.
 * @throws HttpError 400 `wav` that says what is wrong with it
 */
export function checkWav(file: Buffer): WavFacts {
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE")
    throw refusal("it is not a WAV file");
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString("latin1", at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === "fmt " && body + 16 <= file.length) bytesPerSecond = checkFormat(file, body);
    if (id === "data") {
      if (bytesPerSecond === 0) throw refusal("it has no description of its sound before the sound");
      const durationMs = Math.round((Math.min(length, file.length - body) * 1000) / bytesPerSecond);
      if (durationMs < SHORTEST_MS) throw refusal("it holds no sound");
      if (durationMs > LONGEST_MS) throw refusal("it is longer than half an hour");
      return { durationMs };
    }
    at = body + length + (length & 1);
  }
  throw refusal("it holds no sound");
}

/** Bytes a second. */
function checkFormat(file: Buffer, body: number): number {
  const tag = file.readUInt16LE(body);
  const format = tag === EXTENSIBLE && body + 26 <= file.length ? file.readUInt16LE(body + 24) : tag;
  const channels = file.readUInt16LE(body + 2);
  const sampleRate = file.readUInt32LE(body + 4);
  const bits = file.readUInt16LE(body + 14);
  const known = (format === PCM && bits === 16) || ((format === ALAW || format === MULAW) && bits === 8);
  if (!known)
    throw refusal(`its sound is of format ${format} with ${bits} bits; PCM 16 bit and G.711 are taken`);
  if (channels < 1 || channels > 2) throw refusal(`it has ${channels} channels; one or two are taken`);
  if (sampleRate < 8000 || sampleRate > 48_000)
    throw refusal(`its rate is ${sampleRate} Hz; 8000 to 48000 are taken`);
  return sampleRate * channels * (bits / 8);
}

function refusal(why: string): HttpError {
  const message = `The file cannot be used: ${why}`;
  return new HttpError(message, {
    status: 400,
    code: "wav",
    field: "file",
    errors: [{ field: "file", code: "wav", message }],
  });
}
