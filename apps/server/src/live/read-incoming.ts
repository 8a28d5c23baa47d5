import { readDestination } from "@svara/dialing";
import type { ModelTrunk } from "./centre-model.ts";

/** A number as a carrier sent it, by E.164 with plus where it is one; short codes and words stay as they are. */
export function readIncoming(
  number: string,
  { country, incomingNumbers }: Pick<ModelTrunk, "country" | "incomingNumbers">,
): string {
  switch (incomingNumbers) {
    case "as_sent":
      return number;
    case "e164":
      return (
        readDestination(/^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number, { country })?.e164 ?? number
      );
    case "national":
      return readDestination(number, { country })?.e164 ?? number;
  }
}
