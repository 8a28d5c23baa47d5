import { SvaraError } from "@svara/kernel";

export type TelephonyErrorCode =
  | "telephony.unknown_leg"
  | "telephony.unknown_bridge"
  | "telephony.unknown_recording"
  | "telephony.unknown_trunk"
  | "telephony.not_answered"
  | "telephony.wrong_state"
  | "telephony.closed";

/** A command that the switch refuses because its caller is wrong; what the network does comes as events. */
export class TelephonyError extends SvaraError {
  constructor(code: TelephonyErrorCode, message: string) {
    super(message, { code, httpStatus: 409, sipStatus: 500 });
    this.name = "TelephonyError";
  }
}
