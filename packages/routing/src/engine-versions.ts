/** What an engine version decides otherwise than the one before it. */
export interface EngineVersion {
  readonly version: string;
  /** The rules of SPEC.md that are new or changed since the version before; empty for the first. */
  readonly rules: readonly string[];
  /** The change in one sentence, for whoever reads the report of a replay. */
  readonly summary: string;
}

/** Every engine version, the oldest first. A change of behaviour adds a line here and raises `ENGINE_VERSION` to it. */
export const ENGINE_VERSIONS: readonly EngineVersion[] = [
  { version: "1", rules: [], summary: "the first engine: queues, skills, longest idle, RONA, wrap-up" },
  {
    version: "2",
    rules: [
      ...rules(3),
      ...rules(6, 10),
      ...rules(16, 19),
      ...rules(22),
      ...rules(24, 25),
      ...rules(28),
      ...rules(31, 36),
      ...rules(38, 40),
      ...rules(41, 43),
      ...rules(48, 99),
    ],
    summary:
      "capacity across media, relaxing criteria, tiers, strategies for agents and for work, overflow, call-backs, blending, cross-selling, misses and lost connections; offers explain the step of the criteria",
  },
];

/** The ids of the rules from one number to another. */
function rules(from: number, to = from): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `RT${from + i}`);
}

/**
 * The versions whose changes lie between two engines, in order of their making, whichever of the two is older. Undefined when
 * one of them is not known here: a journal of a newer program.
 */
export function versionsBetween(
  from: string,
  to: string,
  versions: readonly EngineVersion[] = ENGINE_VERSIONS,
): readonly EngineVersion[] | undefined {
  const places = [from, to].map((wanted) => versions.findIndex(({ version }) => version === wanted));
  if (places.includes(-1)) return undefined;
  const [older = 0, newer = 0] = places.sort((a, b) => a - b);
  return versions.slice(older + 1, newer + 1);
}
