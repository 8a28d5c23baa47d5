import type { Refusal } from "@svara/conversation";
import { SvaraError } from "@svara/kernel";

/** The command does not fit the state: 409 with the refusal as its code. */
export function notNow(refusal: Refusal): SvaraError {
  return new SvaraError(`not possible now: ${refusal.replaceAll("_", " ")}`, {
    code: refusal,
    httpStatus: 409,
  });
}
