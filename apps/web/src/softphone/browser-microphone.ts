import { Signal } from "@svara/kernel";
import { type Microphone, MicrophoneError } from "./phone-line.ts";

/** The microphone as browsers give it. */
export class BrowserMicrophone implements Microphone {
  readonly changed = new Signal<void>();

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", () => this.changed.emit());
    // not every browser knows this permission name; then the device change and the retry button remain
    navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .then((status) => status.addEventListener("change", () => this.changed.emit()))
      .catch(() => undefined);
  }

  async open(): Promise<MediaStream> {
    if (!navigator.mediaDevices) throw new MicrophoneError("absent");
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: false,
      });
    } catch (error) {
      throw new MicrophoneError(troubleOf(error));
    }
  }
}

function troubleOf(error: unknown): "refused" | "absent" | "busy" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return "busy";
}
