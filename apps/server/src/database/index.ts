export { backup } from "./backup.ts";
export { hasCluster } from "./cluster-home.ts";
export { lockConfigRevision, takeConfigRevision } from "./config-counter.ts";
export { type Database, openDatabase } from "./database.ts";
export type { DB } from "./db.generated.ts";
export { readEvents } from "./event-reader.ts";
export { isOutage } from "./is-outage.ts";
export {
  type JournalRange,
  journalLines,
  journalRuns,
  readJournal,
  runsWithin,
} from "./journal.ts";
export { type Emit, Ledger } from "./ledger.ts";
export { closeCuts } from "./ledger-recovery.ts";
export { type Log, silentLog } from "./log.ts";
export { restore } from "./restore.ts";
export { type Scope, type Tx, WHOLE_CENTRE, withScope } from "./scope.ts";
