import { type Database, WHOLE_CENTRE, withScope } from "../database/index.ts";

/** A door of a carrier. Port 0: as DNS says. */
export interface TrunkDoor {
  readonly host: string;
  readonly port: number;
}

/** A trunk as the doctor needs it. */
export interface KnownTrunk {
  readonly id: string;
  readonly name: string;
  readonly transport: "udp" | "tcp" | "tls";
  readonly register: boolean;
  readonly doors: readonly TrunkDoor[];
}

interface StoredOutbound extends TrunkDoor {
  readonly transport: KnownTrunk["transport"];
  readonly register: boolean;
  readonly morePeers?: readonly TrunkDoor[];
}

/** The trunks in use that take calls out, by name. */
export async function readTrunks({ db }: Database): Promise<KnownTrunk[]> {
  const rows = await withScope(db, WHOLE_CENTRE, (tx) =>
    tx
      .selectFrom("trunk")
      .select(["id", "name", "outbound"])
      .where("archived", "=", false)
      .orderBy("name")
      .execute(),
  );
  return rows.flatMap(({ id, name, outbound }) => {
    if (outbound === null) return [];
    const { host, port, transport, register, morePeers = [] } = outbound as unknown as StoredOutbound;
    return [{ id, name, transport, register, doors: [{ host, port }, ...morePeers] }];
  });
}

/** The SIP address of a door. */
export function uriOf({ transport }: KnownTrunk, { host, port }: TrunkDoor): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `sip:${name}${port === 0 ? "" : `:${port}`};transport=${transport}`;
}
