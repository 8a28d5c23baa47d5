/** A problem that the person at the keyboard can mend: printed without a stack, with its remedy. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} remedy what to do about it
   */
  constructor(message, remedy) {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
  }
}

/**
 * One line about the set-up, on standard error so that a command's own output stays clean for pipes.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`svara: ${line}\n`);
}
