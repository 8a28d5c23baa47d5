/** Run by a test as a process of its own: opens the database of a folder and prints each event that was acknowledged. */
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import { openDatabase } from "./database.ts";
import { Ledger } from "./ledger.ts";
import { silentLog } from "./log.ts";

const [dataDir = "", binDir] = process.argv.slice(2);
const clock = new SystemClock();
const ids = new UuidV7(clock, new SecureRandom());
const database = await openDatabase({
  dataDir,
  clock,
  log: silentLog,
  ...(binDir !== undefined && { binDir }),
});
const ledger = await Ledger.open(database, { clock, ids, log: silentLog });
process.stdout.write(`server ${database.server?.pid}\n`);
for (;;) {
  const id = ids.next();
  ledger.append({
    type: "call.blocked",
    id,
    at: clock.now(),
    payload: { reason: "no_lines", direction: "inbound" },
  });
  await ledger.flush();
  process.stdout.write(`acked ${id}\n`);
}
