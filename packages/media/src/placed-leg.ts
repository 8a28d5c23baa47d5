import type { BridgeId, LegId } from "@svara/kernel";
import type { HostSlot } from "./host-slot.ts";
import type { LegTerms, MediaCommand } from "./media-host.ts";

type OfferCommand = Extract<MediaCommand, { readonly type: "leg.offer" }>;
export type OpenCommand = OfferCommand | Extract<MediaCommand, { readonly type: "leg.answer" }>;

/** A host that carries, or carried, a leg. */
export interface Place {
  readonly slot: HostSlot;
  readonly generation: number;
}

/** Whether the host that was there then is there still. */
export function isLive({ slot, generation }: Place): boolean {
  return generation === slot.generation;
}

/** What the pool knows of a leg, so that it can be carried on by another host. */
export class PlacedLeg {
  readonly legId: LegId;
  /** As it was first opened. */
  readonly opened: OpenCommand;
  place: Place;
  /** Where it is being moved to. */
  target: Place | undefined;
  bridgeId: BridgeId | undefined;
  muted: { in?: boolean; out?: boolean } = {};
  echo = false;
  /** How a phone's leg is encrypted for sure: it may not become less by a move. */
  carried: LegTerms["carried"];
  /** The SDP of its moves and before is one session to the party (RFC 3264, section 8). */
  readonly origin = new SdpOrigin();

  constructor(opened: OpenCommand, place: Place) {
    this.legId = opened.legId;
    this.opened = opened;
    this.place = place;
  }

  /** Our description, as the party is told it. */
  tell(sdp: string): string {
    const protocol = /^m=audio [1-9]\d* (\S+)/m.exec(sdp)?.[1] ?? "";
    if (this.opened.kind === "rtp")
      this.carried = protocol.startsWith("UDP/TLS/")
        ? "dtls"
        : protocol.startsWith("RTP/SAVP")
          ? "sdes"
          : undefined;
    return this.origin.tell(sdp);
  }

  /** Opens it on another host: ours is the offer now, whoever offered first. */
  get reopening(): OfferCommand {
    const { legId, opened, carried } = this;
    const { kind } = opened;
    const terms = carried ? { srtp: "optional" as const, ...opened.terms, carried } : opened.terms;
    if (opened.type === "leg.offer") return terms ? { ...opened, terms } : opened;
    return { type: "leg.offer", legId, kind, ...(terms ? { terms } : {}) };
  }

  /** Its host is gone. */
  get isLost(): boolean {
    return !isLive(this.place);
  }
}

/** Gives the descriptions of one leg, made by several hosts, one origin: the same id, the version rising with each change. */
class SdpOrigin {
  #id: string | undefined;
  #version = 0;
  #last = { made: "", told: "" };

  tell(sdp: string): string {
    if (sdp === this.#last.made) return this.#last.told;
    const told = sdp.replace(
      /^o=(\S+) (\d+) (\d+) /m,
      (_line: string, user: string, id: string, version: string) => {
        this.#id ??= id;
        this.#version = Math.max(this.#version + 1, id === this.#id ? Number(version) : 0);
        return `o=${user} ${this.#id} ${this.#version} `;
      },
    );
    this.#last = { made: sdp, told };
    return told;
  }
}
