import { type CallingRules, FEATURE_ARGUMENTS, FEATURES, type Feature } from "@svara/contracts";

/** What a code looks like: * or # and one to five digits, * or #. */
const CODE = /^[*#][0-9*#]{1,5}$/;

export type CodeProblem =
  | { readonly kind: "malformed" }
  /** The same digits ask for another feature. */
  | { readonly kind: "taken"; readonly by: Feature }
  /** With what is dialled after it, it reads as another, longer code. */
  | { readonly kind: "hides"; readonly other: Feature };

/** What is wrong with the codes, as the server would see it, and what it lets pass although people would stumble over it. */
export function codeProblems(codes: CallingRules["featureCodes"]): ReadonlyMap<Feature, CodeProblem> {
  const found = new Map<Feature, CodeProblem>();
  FEATURES.forEach((feature, index) => {
    const code = codes[feature];
    if (code === null) return;
    if (!CODE.test(code)) {
      found.set(feature, { kind: "malformed" });
      return;
    }
    const twin = FEATURES.slice(0, index).find((other) => codes[other] === code && clash(feature, other));
    if (twin !== undefined) {
      found.set(feature, { kind: "taken", by: twin });
      return;
    }
    // the longest code that fits counts: after a short one some digits would never arrive
    const longer = FEATURES.find((other) => {
      const long = codes[other];
      return (
        other !== feature &&
        long !== null &&
        long.length > code.length &&
        long.startsWith(code) &&
        FEATURE_ARGUMENTS[feature] !== "none"
      );
    });
    if (longer !== undefined) found.set(feature, { kind: "hides", other: longer });
  });
  return found;
}

/** One that stands alone and one that wants something after it are told apart by that. */
function clash(a: Feature, b: Feature): boolean {
  const [first, second] = [FEATURE_ARGUMENTS[a], FEATURE_ARGUMENTS[b]];
  return !((first === "none" && second === "some") || (first === "some" && second === "none"));
}

/** Whether nothing keeps the codes from being saved; a code that hides another is allowed. */
export function mayBeSaved(problems: ReadonlyMap<Feature, CodeProblem>): boolean {
  return [...problems.values()].every(({ kind }) => kind === "hides");
}
