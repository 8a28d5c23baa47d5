import { Signal } from "@svara/kernel";
import { type Microphone, MicrophoneError } from "./phone-line.ts";

/** The microphone as browsers give it. */
export class BrowserMicrophone implements Microphone {
  readonly changed = new Signal<void>();
  /** Undefined within: the browser would have asked. */
  #prepared: Promise<MediaStream | undefined> | undefined;

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", () => this.changed.emit());
    // not every browser knows this permission name; then the device change and the retry button remain
    navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .then((status) => status.addEventListener("change", () => this.changed.emit()))
      .catch(() => undefined);
  }

  prepare(): void {
    this.#prepared ??= mayOpen().then((may) => (may ? capture() : undefined));
    this.#prepared.catch(() => undefined); // told by `open`
  }

  discard(): void {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    prepared
      ?.then((stream) => stream?.getTracks().forEach((track) => void track.stop()))
      .catch(() => undefined);
  }

  async open(): Promise<MediaStream> {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    return (await prepared) ?? capture();
  }
}

async function capture(): Promise<MediaStream> {
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

/** Whether the person has allowed it already; where the browser does not tell, they are not asked ahead. */
async function mayOpen(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    return status.state === "granted";
  } catch {
    return false;
  }
}

function troubleOf(error: unknown): "refused" | "absent" | "busy" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return "busy";
}
