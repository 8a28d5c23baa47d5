import { Books } from "./books.ts";
import { TestCentre } from "./centre.ts";
import { Customers } from "./customers.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { SoftPeople } from "./soft-people.ts";

/** Everything that a story of telephones needs beside browsers: a server with a centre, customers, colleagues, the ledger. */
export interface Stage {
  readonly server: TestServer;
  readonly centre: TestCentre;
  readonly customers: Customers;
  readonly people: SoftPeople;
  readonly books: Books;
  close(): Promise<void>;
}

/** Opens all of it; `close` closes what it opened, the server last. */
export async function openStage(): Promise<Stage> {
  const server = await startTestServer();
  const centre = await TestCentre.build(server);
  const people = await SoftPeople.gather(server.sip);
  const customers = new Customers(server.sip);
  const books = await Books.open(server.dataDir);
  return {
    server,
    centre,
    customers,
    people,
    books,
    async close() {
      await customers.close();
      await people.close();
      await books.close();
      await server.close();
    },
  };
}
