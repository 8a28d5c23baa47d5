/** Plays the far side of calls through audio elements, one for each call; browsers need the element even for WebAudio. */
export class AudioSpeaker {
  readonly #elements = new Map<string, HTMLAudioElement>();

  attach(callId: string, stream: MediaStream): void {
    const element = this.#elements.get(callId) ?? document.createElement("audio");
    element.autoplay = true;
    element.srcObject = stream;
    element.dataset.svaraCall = callId;
    if (!element.isConnected) document.body.append(element);
    this.#elements.set(callId, element);
    // a reload during a call answers without a gesture: when the browser refuses sound, the next touch starts it
    element.play().catch(() => {
      const again = (): void => {
        void element.play().catch(() => undefined);
      };
      addEventListener("pointerdown", again, { once: true });
      addEventListener("keydown", again, { once: true });
    });
  }

  detach(callId: string): void {
    const element = this.#elements.get(callId);
    this.#elements.delete(callId);
    if (!element) return;
    element.srcObject = null;
    element.remove();
  }
}
