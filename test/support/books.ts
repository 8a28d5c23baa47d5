import { readFile } from "node:fs/promises";
import path from "node:path";
import type { AgentId, ContactId } from "@svara/kernel";
import { type LedgerEvent, verifyAgentDay, verifyContact } from "@svara/ledger";
import { clusterHome, socketFolder } from "../../apps/server/src/database/cluster-home.ts";
import { readEvents, silentLog, WHOLE_CENTRE, withScope } from "../../apps/server/src/database/index.ts";
import { makeKysely, makePool } from "../../apps/server/src/database/pool.ts";
import { RUNTIME_ROLE } from "../../apps/server/src/database/roles.ts";
import { waitFor } from "./wait-for.ts";

/** A part of a table by months: read with the whole. */
const PARTITION = /_(\d{4}_\d{2}|other)$/;

/** The ledger as it stands in the database, read past the server. */
export class Books {
  readonly db: ReturnType<typeof makeKysely>;

  private constructor(db: ReturnType<typeof makeKysely>) {
    this.db = db;
  }

  /** Connects to the PostgreSQL of a server that runs on this data folder; it stays the server's to start and to stop. */
  static async open(dataDir: string): Promise<Books> {
    const home = clusterHome(dataDir);
    const passwords = await readFile(path.join(home.root, "passwords.json"), "utf8");
    const { runtime } = JSON.parse(passwords) as { runtime: string };
    const pool = makePool(
      {
        host: socketFolder(home),
        port: 5432,
        user: RUNTIME_ROLE,
        password: runtime,
        database: "svara",
        application_name: `svara-${process.pid}`,
        max: 2,
      },
      silentLog,
    );
    return new Books(makeKysely(pool));
  }

  contact(contactId: string): Promise<LedgerEvent[]> {
    return this.#read({ contactId: contactId as ContactId });
  }

  agent(agentId: string): Promise<LedgerEvent[]> {
    return this.#read({ agentId: agentId as AgentId });
  }

  all(): Promise<LedgerEvent[]> {
    return this.#read({ afterSeq: 0 });
  }

  /** All events of a contact that ends or has ended: the ledger is written a moment after the list of contacts shows it. */
  closedContact(contactId: string): Promise<LedgerEvent[]> {
    return waitFor("the ledger has closed the contact", async () => {
      const events = await this.contact(contactId);
      return events.some(({ type }) => type === "contact.closed") ? events : undefined;
    });
  }

  /** What is wrong with the events of a contact that ends or has ended; empty when all is well. */
  async contactProblems(contactId: string): Promise<readonly unknown[]> {
    return verifyContact(await this.closedContact(contactId));
  }

  /** What is wrong with an agent's time; empty when it sums exactly. */
  async agentProblems(agentId: string): Promise<readonly unknown[]> {
    const events = await this.agent(agentId);
    const now = Date.now();
    return verifyAgentDay(events, { from: 0, to: now + 1 }, now);
  }

  /** Every row of every table, as text. */
  async dump(): Promise<string> {
    const { db } = this;
    const tables = (await db.introspection.getTables()).filter(({ name }) => !PARTITION.test(name));
    return withScope(db, WHOLE_CENTRE, async (tx) => {
      const parts: string[] = [];
      for (const { name } of tables) {
        const rows = await tx
          .selectFrom(name as never)
          .selectAll()
          .execute();
        parts.push(`${name}\n${rows.map((row) => JSON.stringify(row)).join("\n")}`);
      }
      return parts.join("\n");
    });
  }

  close(): Promise<void> {
    return this.db.destroy();
  }

  #read(filter: Parameters<typeof readEvents>[1]): Promise<LedgerEvent[]> {
    return withScope(this.db, WHOLE_CENTRE, (tx) => readEvents(tx, filter));
  }
}
