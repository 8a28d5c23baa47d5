import type { RoutingFinding } from "@svara/contracts";

/** Where in the office a finding is mended. */
export function findingHref({ subject, field }: RoutingFinding): string {
  switch (subject.kind) {
    case "queue":
      return `/office/queues/${subject.id}${field ? `?field=${encodeURIComponent(field)}` : ""}`;
    case "agent":
      return `/office/users?open=${subject.id}`;
    case "rules":
      return "/office/routing-rules";
  }
}

export interface FindingGroup {
  readonly subject: RoutingFinding["subject"];
  readonly findings: readonly RoutingFinding[];
}

/** Findings by what they are about, in the order given; within it errors before warnings. */
export function findingGroups(findings: readonly RoutingFinding[]): FindingGroup[] {
  const groups = Map.groupBy(findings, ({ subject }) => `${subject.kind} ${subject.id}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined
      ? []
      : [{ subject: first.subject, findings: own.toSorted((a, b) => a.severity.localeCompare(b.severity)) }];
  });
}
