import type { RosterGroupDraft } from "@svara/contracts";

type Source = RosterGroupDraft["source"];

const WORKING_DAYS = ["mon", "tue", "wed", "thu", "fri"] as const;

/** Some agents in office hours, to begin with. */
export function blankGroup(id: string, name: string): RosterGroupDraft {
  return { id, name, queueId: null, skillIds: [], source: typedAs({ kind: "typed", required: [] }, "flat") };
}

/** A source of another kind; what both know is kept. */
export function typedAs(source: Source, kind: Source["kind"]): Source {
  if (source.kind === kind) return source;
  switch (kind) {
    case "flat":
      return { kind, agents: 2, from: "08:00", to: "17:00", weekdays: [...WORKING_DAYS] };
    case "forecast":
      return { kind, shrinkage: false };
    case "typed":
      return { kind, required: [] };
  }
}

/** Numbers as people paste them: by spaces, lines, tabs or semicolons; a comma within a number is its point. */
export function numbersOf(text: string): number[] {
  return text
    .split(/[\s;]+/)
    .filter((word) => word !== "")
    .map((word) => Number(word.replace(",", ".")))
    .filter((number) => Number.isFinite(number) && number >= 0);
}
