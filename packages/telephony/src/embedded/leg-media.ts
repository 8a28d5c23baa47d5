import type { LegId } from "@svara/kernel";
import type { LegCodec, LegKind, LegQuality, LegTerms, MediaDirection, MediaHostPool } from "@svara/media";

/** What was agreed on with the party. */
export interface Agreed {
  readonly codec: LegCodec;
  readonly encrypted: boolean;
}

/** The media side of one leg: opened once with its terms, by our offer or by our answer, on one of the pool's hosts. */
export class LegMedia {
  readonly #pool: MediaHostPool;
  readonly #legId: LegId;
  readonly #kind: LegKind;
  readonly #near: { readonly near?: LegId };
  #offered: string | undefined;
  #agreed: Agreed | undefined;

  constructor(
    pool: MediaHostPool,
    leg: { readonly legId: LegId; readonly kind: LegKind; readonly near?: LegId },
  ) {
    this.#pool = pool;
    this.#legId = leg.legId;
    this.#kind = leg.kind;
    this.#near = leg.near === undefined ? {} : { near: leg.near };
  }

  get agreed(): Agreed | undefined {
    return this.#agreed;
  }

  /** Our offer; opened anew when it was made before under other terms. Errors: `media.no_ports`, ... */
  async offer(terms: LegTerms): Promise<string> {
    const key = JSON.stringify(terms);
    if (this.#offered !== undefined && this.#offered !== key) await this.close();
    this.#offered = key;
    const open = { type: "leg.offer", legId: this.#legId, kind: this.#kind, terms, ...this.#near } as const;
    return (await this.#pool.request(open)).sdp;
  }

  /** Our answer to the first offer. Errors: `media.no_common_codec`, `media.bad_sdp`, `media.no_ports`. */
  async answer(remoteSdp: string, terms: LegTerms): Promise<string> {
    const { sdp, ...agreed } = await this.#pool.request({
      type: "leg.answer",
      legId: this.#legId,
      kind: this.#kind,
      remoteSdp,
      terms,
      ...this.#near,
    });
    this.#agreed = agreed;
    return sdp;
  }

  /** The party's answer to our offer. */
  async accept(remoteSdp: string): Promise<{ readonly remoteHold: boolean }> {
    const { remoteHold, ...agreed } = await this.#pool.request({
      type: "leg.accept",
      legId: this.#legId,
      remoteSdp,
    });
    this.#agreed = agreed;
    return { remoteHold };
  }

  /** Our answer to a further offer. */
  async reanswer(remoteSdp: string): Promise<{ readonly sdp: string; readonly remoteHold: boolean }> {
    const { sdp, remoteHold, ...agreed } = await this.#pool.request({
      type: "leg.reanswer",
      legId: this.#legId,
      remoteSdp,
    });
    this.#agreed = agreed;
    return { sdp, remoteHold };
  }

  async reoffer(direction: MediaDirection, passThrough?: boolean): Promise<string> {
    const more = passThrough === undefined ? {} : { passThrough };
    return (await this.#pool.request({ type: "leg.reoffer", legId: this.#legId, direction, ...more })).sdp;
  }

  /** Whether its host has died. */
  get isLost(): boolean {
    return this.#pool.isLost(this.#legId);
  }

  /** Whether it is on another host than the bridge that it shall join, or on none. */
  isElsewhere(bridgeId: Parameters<MediaHostPool["needsMove"]>[0]): boolean {
    return this.#pool.needsMove(bridgeId, this.#legId);
  }

  /** Our offer from another host; see `MediaHostPool.moveOffer`. */
  async moveOffer(bridgeId: Parameters<MediaHostPool["moveOffer"]>[1]): Promise<string> {
    return (await this.#pool.moveOffer(this.#legId, bridgeId)).sdp;
  }

  async moveAccept(remoteSdp: string): Promise<{ readonly remoteHold: boolean }> {
    const { remoteHold, ...agreed } = await this.#pool.moveAccept(this.#legId, remoteSdp);
    this.#agreed = agreed;
    return { remoteHold };
  }

  moveAbandon(): Promise<void> {
    return this.#pool.moveAbandon(this.#legId);
  }

  /** Ends it; its quality, where there was sound. Never fails. */
  async close(): Promise<LegQuality | undefined> {
    try {
      return (await this.#pool.request({ type: "leg.close", legId: this.#legId })).quality;
    } catch {
      return undefined; // the host is gone, and the leg with it
    }
  }
}
