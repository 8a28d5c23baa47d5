import type { RecordingId } from "@svara/kernel";
import type { Turn } from "./turn.ts";

/**
 * Brings the recording in step with the place of the customer: it runs while an agent talks with them (and on hold, if
 * the settings say so), pauses elsewhere, stops when they are gone or with a party outside the house.
 */
export function alignRecording(turn: Turn): void {
  const { place, recording } = turn.state;
  const wanted = wantedRecording(turn);
  if (wanted === "stop") return stopRecording(turn);
  if (recording === undefined) {
    if (wanted === "run" && "legId" in place) start(turn, place.legId);
    return;
  }
  if (wanted === "run" && !recording.agentPaused) resume(turn);
  else pause(turn, recording.agentPaused ? "agent" : "rule");
}

function wantedRecording(turn: Turn): "run" | "pause" | "stop" {
  const { place } = turn.state;
  const { record, recordHold = false } = turn.settings;
  if (!record) return "stop";
  switch (place.at) {
    case "talk":
      return place.with.kind === "agent" ? "run" : "stop";
    case "conference":
      return "run";
    case "hold":
      return recordHold ? "run" : "pause";
    case "gone":
    case "none":
    case "farewell":
      return "stop";
    default:
      return "pause";
  }
}

function start(turn: Turn, legId: string): void {
  if (turn.state.silenced) return;
  const recordingId = turn.ids.next();
  turn.state.recording = { recordingId, running: true, agentPaused: false };
  turn.emit({ to: "switch", type: "record.start", recordingId, legId });
  turn.write("recording.started", { legId }, { recordingId, side: "customer" });
}

function resume(turn: Turn): void {
  const recording = turn.state.recording;
  if (recording === undefined || recording.running) return;
  recording.running = true;
  turn.emit({ to: "switch", type: "record.resume", recordingId: recording.recordingId });
  turn.write("recording.resumed", {}, { recordingId: recording.recordingId });
}

function pause(turn: Turn, reason: "agent" | "sensitive" | "rule"): void {
  const recording = turn.state.recording;
  if (!recording?.running) return;
  recording.running = false;
  turn.emit({ to: "switch", type: "record.pause", recordingId: recording.recordingId });
  turn.write("recording.paused", {}, { recordingId: recording.recordingId, reason });
}

function stopRecording(turn: Turn): void {
  const recording = turn.state.recording;
  if (recording === undefined) return;
  delete turn.state.recording;
  turn.emit({ to: "switch", type: "record.stop", recordingId: recording.recordingId });
}

/** The switch cannot go on with it. The next time that something is to be recorded a new one begins. */
export function recordingFailed(turn: Turn, recordingId: RecordingId): void {
  const { recording } = turn.state;
  if (recording?.recordingId !== recordingId) return;
  turn.state.silenced = recording.agentPaused;
  delete turn.state.recording;
}

/** What an agent asked to be silent ends with that agent. */
export function forgetSilence(turn: Turn): void {
  const { recording } = turn.state;
  turn.state.silenced = false;
  if (recording) recording.agentPaused = false;
}

/** An agent asks for silence in the recording; false when nothing is recorded. */
export function pauseByAgent(turn: Turn, reason: "agent" | "sensitive"): boolean {
  const recording = turn.state.recording;
  if (recording === undefined) return false;
  recording.agentPaused = true;
  pause(turn, reason);
  return true;
}

export function resumeByAgent(turn: Turn): boolean {
  if (turn.state.recording === undefined && !turn.state.silenced) return false;
  forgetSilence(turn);
  alignRecording(turn);
  return true;
}
