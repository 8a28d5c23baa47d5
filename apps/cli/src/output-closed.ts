import { SvaraError } from "@svara/kernel";

/** Nobody reads what a command writes any more: it ends at once, leaves nothing open, and says nothing. */
export class OutputClosed extends SvaraError {
  constructor() {
    super("nobody reads the output any more", { code: "cli.output_closed" });
    this.name = "OutputClosed";
  }
}
