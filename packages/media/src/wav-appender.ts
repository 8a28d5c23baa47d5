import { close, ftruncate, open, write } from "node:fs";
import { wavHeader, wavHeaderLength } from "./wav.ts";

/** So much may wait for a slow disk before the recording is given up: 60 s of one track. */
const maxBacklogBytes = 480_000;

/** A track as the recorder needs it. */
export interface TrackFile {
  /** Length as the header says. */
  readonly bytes: number;
  /** Why nothing more is written, or null. */
  readonly failure: unknown;
  append(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * A WAV file that grows: after each append its header tells the truth, so a crash leaves a valid file. Callbacks and a bare
 * descriptor: promises and FileHandle cost as much again as the write itself, four times a second for each track.
 */
export class WavAppender implements TrackFile {
  readonly path: string;
  readonly #fd: number;
  #written = 0;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #writing = false;
  #failure: unknown = null;
  #idle: (() => void) | null = null;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** Creates the file; one that exists is not overwritten. */
  static async create(path: string): Promise<WavAppender> {
    const fd = await new Promise<number>((resolve, reject) => {
      open(path, "wx", 0o600, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const appender = new WavAppender(path, fd);
    await new Promise<void>((resolve) => {
      appender.#idle = resolve;
      appender.#writing = true;
      appender.#writeHeader();
    });
    if (appender.#failure === null) return appender;
    await appender.close();
    throw appender.#failure;
  }

  get bytes(): number {
    return wavHeaderLength("mulaw") + this.#written;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** Queues mu-law bytes; `failure` tells later when the disk refused. */
  append(bytes: Uint8Array): void {
    if (this.#failure !== null) return;
    this.#backlog.push(bytes);
    this.#backlogBytes += bytes.length;
    if (this.#backlogBytes > maxBacklogBytes) {
      this.#failure = new Error(`${this.path}: the disk is too slow`);
      this.#backlog = [];
    } else if (!this.#writing) this.#next();
  }

  /** Waits for the disk and closes the file; after a failure it ends where its header says. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#writing) this.#idle = resolve;
      else resolve();
    });
    if (this.#failure !== null) {
      await new Promise<void>((resolve) => ftruncate(this.#fd, this.bytes, () => resolve()));
    }
    await new Promise<void>((resolve) => {
      close(this.#fd, (error) => {
        if (error) this.#failure ??= error;
        resolve();
      });
    });
  }

  #next(): void {
    if (this.#backlog.length === 0 || this.#failure !== null) {
      this.#writing = false;
      this.#idle?.();
      this.#idle = null;
      return;
    }
    this.#writing = true;
    const [first = new Uint8Array()] = this.#backlog;
    const data = this.#backlog.length === 1 ? first : Buffer.concat(this.#backlog);
    this.#backlog = [];
    this.#backlogBytes = 0;
    // Data first: a header that is behind its data is still a valid file, one that is ahead is not.
    this.#write(data, wavHeaderLength("mulaw") + this.#written, () => {
      this.#written += data.length;
      this.#writeHeader();
    });
  }

  #writeHeader(): void {
    this.#write(wavHeader("mulaw", 1, 8000, this.#written), 0, () => this.#next());
  }

  #write(bytes: Uint8Array, at: number, then: () => void): void {
    write(this.#fd, bytes, 0, bytes.length, at, (error, written) => {
      if (error) this.#fail(error);
      else if (written === bytes.length) then();
      else if (written === 0) this.#fail(new Error(`${this.path}: nothing more can be written`));
      else this.#write(bytes.subarray(written), at + written, then);
    });
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#next();
  }
}
