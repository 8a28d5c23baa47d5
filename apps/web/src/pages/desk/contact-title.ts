import type { DeskContact } from "@svara/contracts";
import type { TFunction } from "i18next";
import { formatPhone } from "../../format/phone-number.ts";

/** Who this is, in the best words known: name, else number, else that the number was withheld. */
export function contactTitle(contact: DeskContact, t: TFunction): string {
  return contact.customer?.name || contact.remoteName || contactNumber(contact) || t("desk.withheld");
}

/** The other side's number for the eye; undefined when withheld. */
export function contactNumber(contact: DeskContact): string | undefined {
  const number = contact.remoteNumber ?? contact.customer?.number;
  return number === undefined || number === "" ? undefined : formatPhone(number);
}
