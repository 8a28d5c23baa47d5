import type { LegId, RecordingId, TrunkId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import type { SwitchEventBody } from "@svara/telephony";
import { expect, it } from "vitest";
import { TelephonyAlarms } from "./telephony-alarms.ts";

function follow() {
  const clock = new ManualClock();
  const alarms = new TelephonyAlarms(clock);
  let n = 0;
  return {
    clock,
    alarms,
    say: (body: SwitchEventBody) => alarms.follow({ n: ++n, at: clock.now(), ...body }),
  };
}

const recordingId = "r" as RecordingId;
const legId = "l" as LegId;
const codes = (alarms: TelephonyAlarms) => alarms.list().map(({ code, count }) => [code, count]);

it("a disk that is full raises an alarm, counted, until a recording is stored again", () => {
  const { alarms, say, clock } = follow();
  say({ type: "recording.failed", recordingId, legId, reason: "disk_full" });
  clock.advance(60_000);
  say({ type: "recording.failed", recordingId, legId, reason: "disk_full" });
  expect(alarms.list()).toMatchObject([
    {
      code: "recordings_fail",
      count: 2,
      detail: "disk_full",
      since: clock.now() - 60_000,
      lastAt: clock.now(),
    },
  ]);
  say({ type: "recording.stored", recordingId, legId, tracks: { inPath: "", outPath: "", durationMs: 1 } });
  expect(codes(alarms)).toEqual([]);
});

it("a trunk that is down is one alarm each, until it is up", () => {
  const { alarms, say } = follow();
  for (const trunkId of ["a", "b", "a"] as TrunkId[]) say({ type: "trunk.down", trunkId, reason: "timeout" });
  say({ type: "trunk.up", trunkId: "b" as TrunkId });
  expect(alarms.list()).toMatchObject([{ code: "trunk_down", trunkId: "a", count: 2 }]);
});

it("lost media fade after a quiet time, a ban with its end or when it is lifted", () => {
  const { alarms, say, clock } = follow();
  say({ type: "leg.media_lost", legId });
  say({
    type: "source.banned",
    address: "192.0.2.1",
    until: clock.now() + 60_000,
    reason: "wrong_passwords",
  });
  say({ type: "source.banned", address: "192.0.2.2", until: clock.now() + 60_000, reason: "flood" });
  alarms.unbanned("192.0.2.2");
  expect(
    codes(alarms)
      .map(([code]) => code)
      .sort(),
  ).toEqual(["media_lost", "source_banned"]);
  clock.advance(60_000);
  expect(codes(alarms)).toEqual([["media_lost", 1]]);
  clock.advance(840_000);
  expect(codes(alarms)).toEqual([]);
});
