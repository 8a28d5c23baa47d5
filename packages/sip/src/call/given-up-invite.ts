import { DialogPath, type PathSetup } from "../dialog/dialog-path.ts";
import type { SipContext } from "../dialog/sip-context.ts";
import type { SipResponse } from "../message/message.ts";
import { type ClientTransaction, type ClientUser, cancelOf } from "../transaction/client-transaction.ts";
import { formatReason } from "./call-end.ts";

export const NO_USER: ClientUser = { onResponse() {}, onFailure() {} };

/** Hands what comes of one INVITE to whoever looks after it now. */
export class InviteAttempt implements ClientUser {
  user: ClientUser;
  transaction: ClientTransaction | undefined;

  constructor(user: ClientUser) {
    this.user = user;
  }

  onResponse(response: SipResponse): void {
    this.user.onResponse(response);
  }

  onFailure(failure: "timeout" | "transport"): void {
    this.user.onFailure(failure);
  }
}

/**
 * Looks after an INVITE that was silent for too long, so that the call goes another way: a first sign of life is met
 * with CANCEL, an answer with ACK and BYE.
 */
export class GivenUpInvite implements ClientUser {
  readonly #context: SipContext;
  readonly #transaction: ClientTransaction;
  readonly #pathSetup: (response: SipResponse) => PathSetup;
  readonly #paths = new Map<string, DialogPath>();
  #cancelled = false;

  constructor(
    context: SipContext,
    transaction: ClientTransaction,
    pathSetup: (response: SipResponse) => PathSetup,
  ) {
    this.#context = context;
    this.#transaction = transaction;
    this.#pathSetup = pathSetup;
  }

  onResponse(response: SipResponse): void {
    const { request, flow } = this.#transaction;
    if (response.status >= 300) return;
    if (response.status < 200) {
      if (!this.#cancelled) this.#context.sendCancel(cancelOf(request), flow, NO_USER);
      this.#cancelled = true;
      return;
    }
    const known = this.#paths.get(response.toTag);
    const path = known ?? new DialogPath(this.#context, this.#pathSetup(response));
    this.#paths.set(response.toTag, path);
    path.sendAck(request);
    if (!known)
      void path.exchange("BYE", { headers: [["Reason", formatReason(487, "call went another way")]] });
  }

  onFailure(): void {}
}
