import type { FieldProblem } from "@svara/contracts";
import { trunkDraft, trunkOutbound } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { type Row, tableKind } from "../office/table-kind.ts";
import { type Ha1, makeHa1 } from "../phones/ha1.ts";
import type { SecretBox } from "../secrets/index.ts";

export type TrunkValue = z.output<typeof trunkDraft>;

export interface TrunkExtra {
  readonly inboundHa1: Ha1 | null;
  /** Sealed. */
  readonly outboundPassword: string | null;
}

/** The context that binds a sealed password to its place. */
const SEAL_CONTEXT = "trunk/outbound-password";

/** Carrier lines. Inbound passwords are kept as hashes, outbound ones sealed: a carrier's challenge needs the word itself. */
export function makeTrunkKind(box: SecretBox): OfficeKind<TrunkValue, TrunkExtra> {
  const kind: OfficeKind<TrunkValue, TrunkExtra> = tableKind<TrunkValue, TrunkExtra>(
    {
      kind: "trunk",
      word: "trunk",
      schema: trunkDraft,
      secrets: ["inboundPassword", "outboundPassword"],
      view: "telephony.view",
      edit: "telephony.edit",
      unique: { trunk_name_unique: "name" },
      nameOf: (trunk) => trunk.name,
      placeOf: () => ({}),
      references: () => [],
      check: (trunk, { id, catalogue }) => faults(trunk, catalogue.get(kind, id)),
    },
    {
      table: "trunk",
      toRow: (trunk) => rowOf(trunk, box),
      fromRow: (row) => ({
        name: String(row.name),
        inbound: row.inbound as TrunkValue["inbound"],
        // an older version stored less
        outbound: row.outbound === null ? null : trunkOutbound.parse(row.outbound),
        maxCalls: Number(row.maxCalls),
        country: row.country as string | null,
        incomingNumbers: row.incomingNumbers as TrunkValue["incomingNumbers"],
      }),
      extraOf: (row) => ({
        inboundHa1:
          typeof row.inboundHa1Md5 === "string" && typeof row.inboundHa1Sha256 === "string"
            ? { md5: row.inboundHa1Md5, sha256: row.inboundHa1Sha256 }
            : null,
        outboundPassword: row.outboundPassword as string | null,
      }),
    },
  );
  return kind;
}

type Found = { readonly value: TrunkValue; readonly extra: TrunkExtra } | undefined;

/** The outbound password in the clear, for the switch. */
export function outboundPassword(box: SecretBox, extra: TrunkExtra): string | undefined {
  return extra.outboundPassword === null ? undefined : box.open(extra.outboundPassword, SEAL_CONTEXT);
}

/** Absent passwords stay as they are, null ones are forgotten. */
function rowOf(trunk: TrunkValue, box: SecretBox): Row {
  const { inboundPassword, outboundPassword: outbound, ...rest } = trunk;
  const row: Row = {
    ...rest,
    inbound: JSON.stringify(trunk.inbound),
    outbound: trunk.outbound && JSON.stringify(trunk.outbound),
  };
  if (trunk.inbound.kind !== "digest" || inboundPassword === null) {
    row.inboundHa1Md5 = null;
    row.inboundHa1Sha256 = null;
  } else if (inboundPassword !== undefined) {
    const { md5, sha256 } = makeHa1(trunk.inbound.username, inboundPassword);
    row.inboundHa1Md5 = md5;
    row.inboundHa1Sha256 = sha256;
  }
  if (!trunk.outbound?.username || outbound === null) row.outboundPassword = null;
  else if (outbound !== undefined) row.outboundPassword = box.seal(outbound, SEAL_CONTEXT);
  return row;
}

function faults(trunk: TrunkValue, before: Found): FieldProblem[] {
  const errors: FieldProblem[] = [];
  const missing = (field: string, message: string) => errors.push({ field, code: "missing", message });
  if (trunk.inbound.kind === "digest" && !trunk.inboundPassword) {
    const old = before?.value.inbound;
    const kept =
      trunk.inboundPassword === undefined &&
      before?.extra.inboundHa1 &&
      old?.kind === "digest" &&
      old.username === trunk.inbound.username;
    if (!kept)
      missing("inboundPassword", "the carrier's sign-in needs a password, anew when its user name changes");
  }
  if (trunk.outbound?.register && !trunk.outbound.username)
    missing("outbound.username", "a registration needs a user name");
  if (trunk.outbound?.username && !trunk.outboundPassword) {
    const kept = trunk.outboundPassword === undefined && before?.extra.outboundPassword;
    if (!kept) missing("outboundPassword", "the sign-in at the carrier needs a password");
  }
  if (trunk.outbound?.srtp === "required" && trunk.outbound.transport !== "tls")
    errors.push({ field: "outbound.srtp", code: "needs_tls", message: "keys travel over TLS only" });
  if (trunk.inbound.kind === "none" && !trunk.outbound)
    missing("outbound", "a trunk brings calls in, takes them out, or both");
  return errors;
}
