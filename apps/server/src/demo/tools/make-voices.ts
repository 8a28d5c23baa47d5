/** Speaks the demonstration's lines into `voices/`; run by hand where espeak-ng and sox are installed. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { VOICE_LINES } from "../voice-lines.ts";

const folder = path.join(import.meta.dirname, "..", "voices");
const scratch = mkdtempSync(path.join(tmpdir(), "voices-"));
mkdirSync(folder, { recursive: true });
VOICE_LINES.forEach(({ name, language, role, text }, i) => {
  const raw = path.join(scratch, "raw.wav");
  const variant = role === "agent" ? "f3" : i % 2 === 0 ? "m3" : "f2";
  execFileSync("espeak-ng", ["-v", `${language}+${variant}`, "-s", "150", "-w", raw, text]);
  execFileSync("sox", [
    raw,
    "-r",
    "8000",
    "-c",
    "1",
    "-e",
    "mu-law",
    path.join(folder, `${name}.wav`),
    "gain",
    "-8",
    "highpass",
    "200",
    "lowpass",
    "3400",
    "norm",
    "-6",
  ]);
});
rmSync(scratch, { recursive: true });
