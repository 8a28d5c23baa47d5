/** Where a command reads and writes; passed in, so that a test can be the terminal. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  /** The folder that relative paths on the command line start from. */
  readonly cwd: string;
  /** A person looks at what `err` says: a line of progress may be written there, and written over. */
  readonly isWatched?: boolean;
  /** Results: what a pipe should get. */
  out(text: string): void;
  /** Everything said beside the results. */
  err(text: string): void;
}

/** One option of a command as its help describes it. */
export interface CommandOption {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly summary: string;
  /** How the value is called in the help: `--rate <calls per hour>`. */
  readonly value?: string;
}

/** What a command was given: its options by name, and the words that are not options. */
export interface Given {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
  /** `--json` was given: the result is one JSON document on standard output. */
  readonly json: boolean;
}

/** One command of `svara`. `run` resolves to the exit code; what it throws is printed by the caller. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the name, such as `<file> [options]`. */
  readonly usage: string;
  /** A few lines more for the command's own help. */
  readonly details?: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many words it takes at least and at most; none when absent. */
  readonly words?: { readonly min: number; readonly max: number };
  run(given: Given, terminal: Terminal): Promise<number>;
}
