import { SvaraError } from "@svara/kernel";

/** The command line itself is wrong: exit code 2, with the remedy. */
export class UsageError extends SvaraError {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message, { code: "cli.usage", httpStatus: 400 });
    this.name = "UsageError";
    this.remedy = remedy;
  }
}
