import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeG711 } from "./g711.ts";
import { Recorder } from "./recorder.ts";
import { goertzel, readWav, sine } from "./testing.ts";
import { readWavLayout } from "./wav.ts";

/** Only root may mount, and not in every container. */
function mountable(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a full disk", () => {
  let disk: string;
  let isMounted = false;

  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), "svara-small-disk-"));
    if (!mountable()) return;
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "svara-small-disk", disk]);
    isMounted = true;
  });

  afterEach(async () => {
    if (isMounted) execFileSync("umount", [disk]);
    await rm(disk, { recursive: true, force: true });
  });

  it("[ME60] ends a recording with valid files, says so once, and room lets the next begin", async (context) => {
    if (!isMounted) return context.skip("not run: only root can make a small disk here");
    const clock = new ManualClock();
    const filler = join(disk, "filler");
    await writeFile(filler, Buffer.alloc(100_000));
    const recorder = await Recorder.start({ recordingId: "r", pathPrefix: join(disk, "call"), clock });
    const failures: string[] = [];
    recorder.failed.on((reason) => failures.push(reason));
    const tone = encodeG711(sine(1000, 30_000, 8000), "PCMU");
    for (let at = 0; at < tone.length; at += 160) {
      for (const side of ["in", "out"] as const) {
        recorder.write(side, clock.now(), at, tone, at, at + 160, "PCMU", at === 0);
      }
      clock.advance(20);
      if (at % 4000 === 0) await new Promise((resolve) => setTimeout(resolve, 2)); // the disk's own time
    }
    const summary = await recorder.stop();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("ENOSPC");
    expect(summary.outcome).toBe("failed");
    let bytes = 0;
    for (const path of [summary.tracks.in, summary.tracks.out]) {
      const file = await readFile(path);
      const layout = readWavLayout(file, path);
      expect(layout.dataAt + file.readUInt32LE(layout.dataAt - 4)).toBe(file.length);
      bytes += (await stat(path)).size;
      const { samples } = readWav(file, path);
      expect(samples.length).toBeGreaterThan(8000);
      expect(goertzel(samples, 1000, 8000)).toBeGreaterThan(0.99);
    }
    expect(summary.bytes).toBe(bytes);
    await rm(filler);
    const next = await Recorder.start({ recordingId: "s", pathPrefix: join(disk, "next"), clock });
    clock.advance(1000);
    expect(await next.stop()).toMatchObject({ outcome: "complete", durationMs: 1000 });
  });
});
