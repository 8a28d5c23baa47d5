import { phoneDraft } from "@svara/contracts";
import { z } from "zod";
import { conflict } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { optionalReference } from "../office/own-client.ts";
import { type Row, tableKind } from "../office/table-kind.ts";
import { type Ha1, makeHa1 } from "./ha1.ts";

const phoneValue = phoneDraft.extend({ password: z.string().optional() });
export type PhoneValue = z.output<typeof phoneValue>;

/** Absent until the phone's first password is set. */
export interface PhoneExtra {
  readonly ha1: Ha1 | null;
}

/** SIP desk phones. Of a password only its hashes are stored. */
export const phoneKind: OfficeKind<PhoneValue, PhoneExtra> = tableKind<PhoneValue, PhoneExtra>(
  {
    kind: "phone",
    word: "phone",
    schema: phoneValue,
    secrets: ["password"],
    view: "telephony.view",
    edit: "telephony.edit",
    unique: { phone_username_unique: "username" },
    nameOf: (phone) => phone.name,
    placeOf: (phone) => ({ siteId: phone.siteId }),
    references: (phone) => [
      ...optionalReference("user", "agentId", phone.agentId),
      ...optionalReference("site", "siteId", phone.siteId),
    ],
    guard({ before, after }) {
      // the stored hashes hold the user name
      if (before && after && before.username !== after.username && after.password === undefined)
        throw conflict(
          "phone_username_fixed",
          "The user name of a phone stays; make a new phone",
          "username",
        );
    },
  },
  {
    table: "phone",
    toRow: rowOf,
    fromRow: (row) => ({
      name: String(row.name),
      username: String(row.username),
      agentId: row.agentId as string | null,
      siteId: row.siteId as string | null,
      maxDevices: Number(row.maxDevices),
      srtp: row.srtp as PhoneValue["srtp"],
    }),
    extraOf: (row) => ({
      ha1:
        typeof row.ha1Md5 === "string" && typeof row.ha1Sha256 === "string"
          ? { md5: row.ha1Md5, sha256: row.ha1Sha256 }
          : null,
    }),
  },
);

/** Without a password the hashes stay as they are. */
function rowOf({ password, ...phone }: PhoneValue): Row {
  if (password === undefined) return { ...phone };
  const { md5, sha256 } = makeHa1(phone.username, password);
  return { ...phone, ha1Md5: md5, ha1Sha256: sha256 };
}
