import type { RoutingFinding } from "@svara/contracts";
import { expect, test } from "vitest";
import { findingGroups, findingHref } from "./finding-link.ts";

function finding(
  kind: RoutingFinding["subject"]["kind"],
  id: string,
  changes: Partial<RoutingFinding> = {},
): RoutingFinding {
  return {
    severity: "error",
    code: "x",
    subject: { kind, id, name: id },
    field: null,
    params: {},
    message: "",
    ...changes,
  };
}

test("a finding leads to the field of its queue, to its agent, or to the rules of the centre", () => {
  expect(findingHref(finding("queue", "q", { field: "routing.overflow.0.when" }))).toBe(
    "/office/queues/q?field=routing.overflow.0.when",
  );
  expect(findingHref(finding("queue", "q"))).toBe("/office/queues/q");
  expect(findingHref(finding("agent", "a"))).toBe("/office/users?open=a");
  expect(findingHref(finding("rules", "r"))).toBe("/office/routing-rules");
});

test("findings stand by what they are about, errors first", () => {
  const groups = findingGroups([
    finding("queue", "b", { severity: "warning" }),
    finding("queue", "a"),
    finding("queue", "b"),
  ]);
  expect(groups.map((group) => [group.subject.id, group.findings.map(({ severity }) => severity)])).toEqual([
    ["b", ["error", "warning"]],
    ["a", ["error"]],
  ]);
});
