import { SvaraError } from "@svara/kernel";

/** A setting of the environment that cannot be used. */
export class SettingsError extends SvaraError {
  readonly variable: string;
  readonly value: string;
  readonly allowed: string;

  constructor(variable: string, value: string, allowed: string) {
    super(`${variable}=${value} cannot be used: ${allowed}`, { code: "settings.invalid", field: variable });
    this.name = "SettingsError";
    this.variable = variable;
    this.value = value;
    this.allowed = allowed;
  }
}
