import { createInstance } from "i18next";
import { expect, test } from "vitest";
import en from "../../../i18n/en.json" with { type: "json" };
import { saidAt, sayFinding, sayProblem } from "./finding-words.ts";

const i18n = createInstance();
await i18n.init({ lng: "en", resources: { en: { translation: en } }, interpolation: { escapeValue: false } });

const subject = { kind: "queue", id: "q", name: "Billing" } as const;

test("a finding names things, says times, and what to do", () => {
  const said = sayFinding(
    {
      severity: "warning",
      code: "preferred_wait_too_long",
      subject,
      field: "routing.preferredWaitMs",
      params: { rule: "long", preferredWaitMs: 90_000, afterMs: 60_000 },
      message: "",
    },
    i18n,
  );
  expect(said.means).toBe(
    'The wait for the preferred agent (1 min 30 sec) is longer than until rule "long" takes the contact away (1 min).',
  );
  expect(said.todo).not.toBe("");
});

test("words of the router are translated: tiers, media, parts of a requirement", () => {
  const finding = { severity: "error", subject, field: null, message: "" } as const;
  expect(
    sayFinding({ ...finding, code: "nobody_in_tiers", params: { tiers: "3, 4" } }, i18n).means,
  ).toContain("Tier 3 or Expert");
  const all = sayFinding(
    { ...finding, code: "nobody_meets_all", params: { medium: "voice", without: "skills, sites" } },
    i18n,
  );
  expect(all.todo).toContain("the skills or the sites");
});

test("a code that the catalogue does not know yet is told in the server's words", () => {
  const said = sayFinding(
    { severity: "error", code: "brand_new", subject, field: null, params: {}, message: "Something." },
    i18n,
  );
  expect(said).toMatchObject({ means: "Something.", todo: "" });
});

test("a fault of a condition leads to the condition", () => {
  const said = sayProblem(
    { field: "routing.overflow.0.when", code: "expression.unknown_name", message: "x" },
    i18n,
  );
  expect(said.means).toBe("The condition is not understood. Open it to see where.");
});

test("what was not chosen or written yet is needed, not wrong", () => {
  const means = (field: string, code: string) => sayProblem({ field, code, message: "" }, i18n).means;
  expect(means("routing.overflow.0.to.queueId", "wrong_format")).toBe("This is needed.");
  expect(means("routing.overflow.0.to.siteIds", "too_small")).toBe("This is needed.");
  expect(means("routing.criteria.0.when", "too_small")).toBe("This is needed.");
  expect(means("routing.criteria.0.id", "wrong_format")).not.toBe("This is needed.");
});

test("what is said at a field holds for what lies below it, and not for its neighbours", () => {
  const said = ["routing.overflow.1.to", "routing.overflow.10", "routing.overflow.1"].map((field) => ({
    severity: "error" as const,
    code: "x",
    field,
    means: "",
    todo: "",
  }));
  expect(saidAt(said, "routing.overflow.1").map(({ field }) => field)).toEqual([
    "routing.overflow.1.to",
    "routing.overflow.1",
  ]);
});

test("every meaning has its remedy, and no remedy stands alone", () => {
  expect(Object.keys(en.finding).toSorted()).toEqual(Object.keys(en.finding_todo).toSorted());
});
