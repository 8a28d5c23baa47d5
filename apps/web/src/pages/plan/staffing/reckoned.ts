import { SvaraError } from "@svara/kernel";

/** What a formula gave, or why it gave nothing: an unstable system has no number. */
export type Reckoned<Value> =
  | { readonly value: Value; readonly error?: never }
  | { readonly value?: never; readonly error: SvaraError };

/** Runs a formula; its own refusals are told, anything else is thrown. */
export function reckoned<Value>(formula: () => Value): Reckoned<Value> {
  try {
    return { value: formula() };
  } catch (error) {
    if (error instanceof SvaraError) return { error };
    throw error;
  }
}
