import { type FileHandle, open } from "node:fs/promises";
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

/** A WAV file that grows: after each append its header tells the truth, so a crash leaves a valid file. */
export class WavAppender implements TrackFile {
  readonly path: string;
  readonly #file: FileHandle;
  #written = 0;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #writing: Promise<void> | null = null;
  #failure: unknown = null;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Creates the file; one that exists is not overwritten. */
  static async create(path: string): Promise<WavAppender> {
    const file = await open(path, "wx", 0o600);
    const appender = new WavAppender(path, file);
    try {
      await file.write(wavHeader("mulaw", 1, 8000, 0), 0, wavHeaderLength("mulaw"), 0);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
    return appender;
  }

  /** Length of the file as its header says. */
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
    if (this.#backlogBytes > maxBacklogBytes) this.#failure = new Error(`${this.path}: the disk is too slow`);
    this.#writing ??= this.#drain();
  }

  /** Waits for the disk and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    try {
      await this.#file.close();
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async #drain(): Promise<void> {
    const headerLength = wavHeaderLength("mulaw");
    try {
      while (this.#backlog.length > 0 && this.#failure === null) {
        const batch = this.#backlog;
        this.#backlog = [];
        this.#backlogBytes = 0;
        const data = batch.length === 1 ? (batch[0] as Uint8Array) : Buffer.concat(batch);
        // Data first: a header that is behind its data is still a valid file, one that is ahead is not.
        await this.#file.write(data, 0, data.length, headerLength + this.#written);
        this.#written += data.length;
        await this.#file.write(wavHeader("mulaw", 1, 8000, this.#written), 0, headerLength, 0);
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#writing = null;
    }
  }
}
