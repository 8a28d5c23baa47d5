import { type CallingRules, FEATURE_ARGUMENTS, FEATURES, type Feature } from "@svara/contracts";

/** What a phone asked for by dialling, and what followed the code. */
export interface DialledFeature {
  readonly feature: Feature;
  /** Empty when nothing followed. */
  readonly argument: string;
}

/** The feature that the dialled digits ask for: of several codes that fit the longest. Undefined: a number like any other. */
export function dialledFeature(
  dialled: string,
  codes: CallingRules["featureCodes"],
): DialledFeature | undefined {
  let found: (DialledFeature & { readonly code: string }) | undefined;
  for (const feature of FEATURES) {
    const code = codes[feature];
    if (!code || !dialled.startsWith(code) || (found && found.code.length >= code.length)) continue;
    const argument = dialled.slice(code.length);
    if (fits(feature, argument)) found = { feature, argument, code };
  }
  return found && { feature: found.feature, argument: found.argument };
}

function fits(feature: Feature, argument: string): boolean {
  switch (FEATURE_ARGUMENTS[feature]) {
    case "none":
      return argument === "";
    case "some":
      return /^\+?[0-9]+$/.test(argument);
    case "may":
      return argument === "" || /^[0-9]+$/.test(argument);
  }
}
