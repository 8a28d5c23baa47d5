/** Whether the party is still there. Pure: times are passed in. */
export class PartyWatch {
  #heardAt = -1;
  /** The last sign of life, or report of its lack. */
  #signAt = 0;

  get hasHeard(): boolean {
    return this.#heardAt >= 0;
  }

  /** A media packet came; true for the first. */
  heard(now: number): boolean {
    const first = this.#heardAt < 0;
    this.#heardAt = now;
    return first;
  }

  /** Something else shows that the party is there, or the waiting begins anew. */
  alive(now: number): void {
    this.#signAt = now;
  }

  /** How long nothing was heard, once for each `timeoutMs` of it; otherwise null. */
  silence(now: number, timeoutMs: number): number | null {
    const since = Math.max(this.#signAt, this.#heardAt);
    if (now - since < timeoutMs) return null;
    this.#signAt = now;
    return now - (this.#heardAt < 0 ? since : this.#heardAt);
  }
}
