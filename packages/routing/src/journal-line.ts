import type { Instant } from "@svara/kernel";
import type { Decision } from "./decision.ts";
import type { Input } from "./input.ts";
import type { JournalEntry } from "./journal.ts";
import type { RouterSnapshot } from "./snapshot.ts";

/** What a journal file calls itself in its first line. */
export const JOURNAL_FORMAT = "svara.router-journal";
/** The version of the file format: raised when a reader of the one before would misread it. */
export const JOURNAL_VERSION = 1;

/** The first line of a journal file. */
export interface JournalHeader {
  readonly type: "header";
  readonly format: "svara.router-journal";
  readonly version: 1;
  /** The one router whose inputs these are. */
  readonly routerId: string;
  /** The engine of the program that wrote the file; each entry names the one that decided it. */
  readonly engineVersion: string;
  /** When the file was written. */
  readonly createdAt?: Instant;
  /** What was asked for, where it was not everything: the entries before `from` only lead up to it. */
  readonly from?: Instant;
  readonly to?: Instant;
}

/** The router's state after entry `seq` of an epoch, from which the entries that follow go on. */
export interface JournalSnapshot {
  readonly type: "snapshot";
  /** The run of the program. */
  readonly epoch: number;
  readonly seq: number;
  readonly at: Instant;
  /** Only this engine can restore it. */
  readonly engineVersion: string;
  readonly snapshot: RouterSnapshot;
}

/** One processed input beside what was decided; timers that fired before it are among its decisions. */
export interface JournalEntryLine {
  readonly type: "entry";
  /** The run of the program: each begins with an empty router. Never less than in the line before. */
  readonly epoch: number;
  /** 1, 2, 3, ... within an epoch, without gaps. */
  readonly seq: number;
  /** When it took effect: never less than in the entry before. */
  readonly at: Instant;
  /** The engine that decided it. */
  readonly engineVersion: string;
  readonly input: Input;
  readonly decisions: readonly Decision[];
}

/** The last line of a journal file that is whole. */
export interface JournalEnd {
  readonly type: "end";
  /** How many entries the file holds. */
  readonly entries: number;
  /** CRC-32 (that of gzip) of the text of every line before this one, each with its line feed, in UTF-8. */
  readonly crc32?: number;
}

/** A line of a journal file: a header, then entries in order, snapshots where they do not begin with an empty router, an end. */
export type JournalLine = JournalHeader | JournalSnapshot | JournalEntryLine | JournalEnd;

/** An entry as a line of a file, whose header names the router. */
export function entryLine(entry: JournalEntry): JournalEntryLine {
  const { epoch, seq, at, engineVersion, input, decisions } = entry;
  return { type: "entry", epoch, seq, at, engineVersion, input, decisions };
}
