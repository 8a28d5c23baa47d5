import type { Signal } from "@svara/kernel";
import { SipParseError } from "../errors.ts";
import { type HeaderLines, oneLine, respond } from "../message/respond.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { DialogPath } from "./dialog-path.ts";
import { IncomingRefer, OutgoingRefer, readSipfrag } from "./refer.ts";

/** How a REFER of ours is sent. */
export interface ReferOptions {
  /** Who asks, as a name-addr; default our own address of the dialog (RFC 3892). */
  readonly referredBy?: string;
  /** False asks for no NOTIFY (RFC 4488); the REFER's own answer is then the last word. Default true. */
  readonly subscribe?: boolean;
}

/** What referring uses of its dialog. */
interface ReferringHost {
  readonly path: DialogPath;
  readonly localTag: string;
  readonly state: string;
  readonly referred: Signal<IncomingRefer>;
}

/** The REFERs of one dialog and the NOTIFYs that tell of them (RFC 3515, RFC 4488, RFC 6665), ours and the peer's. */
export class Referring {
  readonly #host: ReferringHost;
  /** By the CSeq of their REFER, which is the id of their subscription. */
  readonly #open = new Map<number, OutgoingRefer>();

  constructor(host: ReferringHost) {
    this.#host = host;
  }

  refer(referTo: string, options: ReferOptions): OutgoingRefer {
    const { path } = this.#host;
    const { referredBy = `<${path.setup.local.uri.text}>`, subscribe = true } = options;
    const refer = new OutgoingRefer();
    const headers: [string, string][] = [
      ["Refer-To", referTo],
      ["Referred-By", oneLine(referredBy)],
    ];
    if (!subscribe) headers.push(["Refer-Sub", "false"], ["Supported", "norefersub"]);
    const answer = path.exchange("REFER", { headers });
    const id = path.localSeq;
    this.#open.set(id, refer);
    void answer.then((result) => {
      const { status, reason } = readResult(result);
      const silent =
        typeof result === "object" && result.headers.get("Refer-Sub")?.toLowerCase().startsWith("false");
      if (status < 300 && !silent && subscribe) return;
      this.#open.delete(id);
      refer.report({ status, reason, final: true });
    });
    return refer;
  }

  receiveRefer(transaction: ServerTransaction): void {
    const { path, localTag, referred } = this.#host;
    const contact = (): string => path.context.contactFor(transaction.flow, path.setup.local.uri.user).text;
    try {
      const refer = new IncomingRefer(transaction, localTag, contact, (event, state, sipfrag) =>
        this.#notify(event, state, sipfrag),
      );
      if (referred.size === 0) refer.reject(603);
      else referred.emit(refer);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#answer(transaction, 400, { reason: `Bad ${error.field}` });
    }
  }

  receiveNotify(transaction: ServerTransaction): void {
    const { request } = transaction;
    const [event = "", ...params] = (request.headers.get("Event") ?? "")
      .split(";")
      .map((part) => part.trim());
    if (event.toLowerCase() !== "refer") {
      return this.#answer(transaction, 489, { headers: [["Allow-Events", "refer"]] });
    }
    const found = this.#find(params.find((param) => param.toLowerCase().startsWith("id="))?.slice(3));
    if (!found) return this.#answer(transaction, 481);
    this.#answer(transaction, 200);
    const progress = readSipfrag(request);
    if (!progress) return;
    if (progress.final) this.#open.delete(found[0]);
    found[1].report(progress);
  }

  /** The dialog is over. */
  abandon(): void {
    for (const refer of this.#open.values()) {
      refer.report({ status: 487, reason: "the dialog ended", final: true });
    }
    this.#open.clear();
  }

  /** Phones often leave the id out; then the eldest REFER is meant. A retry with credentials has a later CSeq. */
  #find(id: string | undefined): [number, OutgoingRefer] | undefined {
    const named = id === undefined ? undefined : this.#open.get(Number(id));
    if (named) return [Number(id), named];
    const [first] = this.#open;
    return first;
  }

  #notify(event: string, state: string, sipfrag: string): void {
    if (this.#host.state === "ended") return;
    const headers = [
      ["Event", event],
      ["Subscription-State", state],
    ] as const;
    void this.#host.path.exchange("NOTIFY", {
      headers,
      contentType: "message/sipfrag;version=2.0",
      body: sipfrag,
    });
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    options: { reason?: string; headers?: HeaderLines } = {},
  ): void {
    transaction.respond(respond(transaction.request, status, { toTag: this.#host.localTag, ...options }));
  }
}

function readResult(result: { status: number; reason: string } | "timeout" | "transport"): {
  status: number;
  reason: string;
} {
  if (result === "timeout") return { status: 408, reason: "" };
  return result === "transport"
    ? { status: 503, reason: "" }
    : { status: result.status, reason: result.reason };
}
