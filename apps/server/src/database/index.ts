export { type BackupOptions, backup } from "./backup.ts";
export type { BackupManifest } from "./backup-manifest.ts";
export { lockConfigRevision, takeConfigRevision } from "./config-counter.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
export { DatabaseError, type DatabaseErrorCode } from "./database-error.ts";
export type { DB } from "./db.generated.ts";
export { type EventFilter, readEvents } from "./event-reader.ts";
export { isOutage } from "./is-outage.ts";
export {
  type JournalRun,
  journalRuns,
  latestSnapshot,
  readJournal,
  type StoredJournalEntry,
  type StoredSnapshot,
} from "./journal.ts";
export { type Emit, Ledger, type LedgerOptions } from "./ledger.ts";
export type { LedgerAlarm } from "./ledger-alarm.ts";
export type { ConsumeOptions } from "./ledger-consumer.ts";
export { type ClosedCuts, closeCuts } from "./ledger-recovery.ts";
export type { JournalEntry, RouterSnapshot } from "./ledger-rows.ts";
export { type Log, silentLog } from "./log.ts";
export { type Restored, type RestoreOptions, restore } from "./restore.ts";
export { type Scope, type Tx, WHOLE_CENTRE, withScope } from "./scope.ts";
