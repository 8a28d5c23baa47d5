import { Signal } from "@svara/kernel";
import * as JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { RTCSessionEvent } from "jssip/lib/UA";
import type { LineCall, LineCallEnd, LineTrouble, PhoneLine } from "./phone-line.ts";

export interface JsSipLineOptions {
  /** `wss://host/sip`; the upgrade is authenticated by the session's cookie. */
  readonly url: string;
  /** `sip:user@host` of the one endpoint that this session may register. */
  readonly uri: string;
  readonly displayName: string;
  /**
   * Relays, where the centre has any. None: host candidates only. The server has one public address, so no STUN server need ever
   * learn of the agent.
   */
  readonly iceServers: readonly RTCIceServer[];
  /** Where the far side is heard: an element that plays the remote stream. */
  readonly speaker: { attach(callId: string, stream: MediaStream): void; detach(callId: string): void };
}

const REGISTER_EXPIRES_S = 120;
/** A customer may be waiting in comfort music: who comes back is called within three seconds of the network's return. */
const RECONNECT_MIN_S = 1;
const RECONNECT_MAX_S = 1;

/** A PhoneLine over JsSIP, registered through the signed-in session's WebSocket. */
export class JsSipLine implements PhoneLine {
  readonly registered = new Signal<void>();
  readonly lost = new Signal<LineTrouble>();
  readonly invited = new Signal<LineCall>();
  readonly #ua: JsSIP.UA;
  readonly #socket: JsSIP.WebSocketInterface;
  #disposed = false;

  constructor(options: JsSipLineOptions) {
    this.#socket = new JsSIP.WebSocketInterface(options.url);
    this.#ua = new JsSIP.UA({
      sockets: [this.#socket],
      uri: options.uri,
      display_name: options.displayName,
      register: true,
      register_expires: REGISTER_EXPIRES_S,
      session_timers: false,
      connection_recovery_min_interval: RECONNECT_MIN_S,
      connection_recovery_max_interval: RECONNECT_MAX_S,
      user_agent: "Svara desk",
    });
    this.#ua.on("registered", () => this.registered.emit());
    this.#ua.on("registrationFailed", () => {
      if (!this.#disposed) this.lost.emit(this.#ua.isConnected() ? "refused" : "network");
    });
    this.#ua.on("disconnected", () => {
      if (!this.#disposed) this.lost.emit("network");
    });
    this.#ua.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator !== "remote") return;
      this.invited.emit(new JsSipCall(event.session, event.request as IncomingRequest, options));
    });
  }

  start(): void {
    this.#ua.start();
  }

  retry(): void {
    if (this.#disposed) return;
    // the library would wait for its timer, and for half a minute for an answer that went down with the former network
    this.#socket.disconnect();
    this.#socket.ondisconnect(true);
    this.#socket.connect();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#ua.stop();
  }
}

class JsSipCall implements LineCall {
  readonly id: string;
  readonly remoteName: string;
  readonly remoteNumber: string;
  readonly established = new Signal<void>();
  readonly ended = new Signal<LineCallEnd>();
  readonly #session: RTCSession;
  readonly #request: IncomingRequest;
  readonly #speaker: JsSipLineOptions["speaker"];
  readonly #iceServers: JsSipLineOptions["iceServers"];

  constructor(session: RTCSession, request: IncomingRequest, options: JsSipLineOptions) {
    this.#session = session;
    this.#request = request;
    this.#speaker = options.speaker;
    this.#iceServers = options.iceServers;
    this.id = session.id;
    this.remoteName = session.remote_identity.display_name ?? "";
    this.remoteNumber = session.remote_identity.uri.user ?? "";
    session.on("peerconnection", (event) => this.#follow(event.peerconnection));
    // do not wait for the end of gathering: saves about 120 ms before the first word
    session.on("icecandidate", (event) => event.ready());
    session.on("confirmed", () => this.established.emit());
    session.on("ended", () => this.#end("ended"));
    session.on("failed", (event) => this.#end(howItFailed(event.cause, event.originator)));
  }

  header(name: string): string | undefined {
    return this.#request.getHeader(name) ?? undefined;
  }

  answer(microphone: MediaStream): void {
    // each call gets its own tracks: JsSIP stops the tracks of a stream that it was given at the end of a call
    const mediaStream = microphone.clone();
    this.#session.answer({
      mediaStream,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [...this.#iceServers] },
    });
    const stop = (): void => {
      for (const track of mediaStream.getTracks()) track.stop();
    };
    this.#session.on("ended", stop);
    this.#session.on("failed", stop);
  }

  reject(status: 480 | 486): void {
    if (this.#session.isEnded()) return;
    this.#session.terminate({
      status_code: status,
      reason_phrase: status === 486 ? "Busy Here" : "Temporarily Unavailable",
    });
  }

  hangUp(): void {
    if (!this.#session.isEnded()) this.#session.terminate();
  }

  setMuted(muted: boolean): void {
    if (muted) this.#session.mute({ audio: true });
    else this.#session.unmute({ audio: true });
  }

  sendDtmf(tone: string): void {
    this.#session.sendDTMF(tone, {
      transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833,
      duration: 120,
      interToneGap: 80,
    });
  }

  #follow(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.#speaker.attach(this.id, event.streams[0] ?? new MediaStream([event.track]));
    });
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "failed") this.hangUp();
    });
  }

  #end(how: LineCallEnd): void {
    this.#speaker.detach(this.id);
    this.ended.emit(how);
  }
}

function howItFailed(cause: string, originator: string): LineCallEnd {
  if (cause === "Canceled" && originator === "remote") return "answered_elsewhere";
  if (cause === "User Denied Media Access" || cause === "WebRTC Error" || cause === "Bad Media Description") {
    return "media_failed";
  }
  return "failed";
}
