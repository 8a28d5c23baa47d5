import type { TransportAddress } from "./sdp.ts";

/** Packets in a row from an address that the SDP did not name before it is believed (RFC 3550, A.1 has two). */
const probation = 4;
/** ... when it does not even go on with the stream that was latched before. */
const strangerProbation = 50;
/** The latched source must have been silent this long before another may take its place. */
const relatchAfterMs = 2000;
/** Nobody has been heard for so long since the SDP came: the party says nothing. */
const silentAfterMs = 5000;
/** A candidate's packets come this close upon each other, or it is none. */
const probingMs = 100;

/**
 * Symmetric RTP (RFC 4961) without its hole: which address is the party? The one the SDP names, at once; behind a
 * NAT, whoever sends a steady stream. Once latched, others are refused until the party has been silent for a while, but for the one whom the SDP names.
 *
 *    searching --packet from the SDP's address, or probation passed--> latched
 *    latched --silent for 2 s and a packet from elsewhere passes probation--> latched (elsewhere)
 *    latched elsewhere --packet from the SDP's address--> latched
 *    any --SDP names another address--> searching
 */
export class SourceLatch {
  #signalled: TransportAddress | null = null;
  #latched: TransportAddress | null = null;
  #latchedSsrc = -1;
  #heardAt = 0;
  #candidate: TransportAddress | null = null;
  #candidateSsrc = -1;
  #candidateSequence = 0;
  #candidateAt = Number.NEGATIVE_INFINITY;
  #run = 0;
  #signalledAt = 0;

  /** Where to send: what was heard rather than what was said. */
  get target(): TransportAddress | null {
    return this.#latched ?? this.#signalled;
  }

  get latched(): TransportAddress | null {
    return this.#latched;
  }

  /** The peer's SDP; a changed address begins the search anew. */
  signal(address: TransportAddress | null, now: number): void {
    const before = this.#signalled;
    this.#signalled = address;
    if (address === null || (before && same(before, address.address, address.port))) return;
    this.#signalledAt = now;
    // Also who was believed before the first SDP came: what is said now counts more.
    if (this.#latched && !same(address, this.#latched.address, this.#latched.port)) this.#latched = null;
    this.#candidate = null;
  }

  /** True when the latched party has been silent so long that another address may be believed. */
  stale(now: number): boolean {
    return this.#latched !== null && now - this.#heardAt > relatchAfterMs;
  }

  /** True when nothing is heard where something might be: from the latched party for a while, or from anybody at all. */
  isSilent(now: number): boolean {
    return this.#latched === null ? now - this.#signalledAt > silentAfterMs : this.stale(now);
  }

  /** True while somebody else is on the way to be believed. */
  isProbing(now: number): boolean {
    return this.#candidate !== null && now - this.#candidateAt < probingMs;
  }

  /** Whether a well-formed RTP packet is the party's; may latch. */
  accept(address: string, port: number, ssrc: number, sequence: number, now: number): boolean {
    if (this.#latched && same(this.#latched, address, port)) {
      this.#heardAt = now;
      this.#latchedSsrc = ssrc;
      this.#candidate = null;
      return true;
    }
    const named = this.#signalled !== null && same(this.#signalled, address, port);
    // Whom the SDP names comes before a stranger who was sooner: who still speaks to the port's former owner, say.
    if (this.#latched && !named && !this.stale(now)) return false;
    if (!named && !this.#passes(address, port, ssrc, sequence, now)) return false;
    this.#latched = { address, port };
    this.#latchedSsrc = ssrc;
    this.#heardAt = now;
    this.#candidate = null;
    return true;
  }

  /** A packet that is the party's for sure. It moves the party at once where nobody else is heard, else after a few more. */
  authenticated(address: string, port: number, ssrc: number, sequence: number, now: number): void {
    const elsewhere = this.#latched !== null && !same(this.#latched, address, port);
    // Whoever repeats the party's packets from another address, faster than they come, must not turn the sound away.
    if (elsewhere && !this.stale(now) && !this.#passes(address, port, this.#latchedSsrc, sequence, now))
      return;
    this.#latched = elsewhere || this.#latched === null ? { address, port } : this.#latched;
    this.#latchedSsrc = ssrc;
    this.#heardAt = now;
    this.#candidate = null;
  }

  #passes(address: string, port: number, ssrc: number, sequence: number, now: number): boolean {
    const goesOn =
      this.#candidate !== null &&
      same(this.#candidate, address, port) &&
      ssrc === this.#candidateSsrc &&
      sequence === ((this.#candidateSequence + 1) & 0xffff);
    this.#run = goesOn ? this.#run + 1 : 1;
    this.#candidate = { address, port };
    this.#candidateAt = now;
    this.#candidateSsrc = ssrc;
    this.#candidateSequence = sequence;
    const known =
      this.#latched === null || ssrc === this.#latchedSsrc || address === this.#signalled?.address;
    return this.#run >= (known ? probation : strangerProbation);
  }
}

function same(a: TransportAddress, address: string, port: number): boolean {
  return a.port === port && a.address === address;
}
