import { describe, expect, test } from "vitest";
import { quotesIn, rulesIn, ruleViolations } from "./rules.ts";

const spec = (text: string) => ({ path: "packages/x/SPEC.md", text });
const suite = (text: string) => ({ path: "packages/x/src/x.test.ts", text });
const idsIn = (text: string) => quotesIn(suite(text)).map(({ id }) => id);

describe("rules of a SPEC.md", () => {
  test("a rule is a line that begins with its id, bold or plain", () => {
    const text =
      "# Rules\n\nRT1 First.\n- **RT2** Second.\n**RT3** Third, see RT9.\n- RT4: fourth.\nAs RFC 3261 says, RT5 is no rule.";
    expect(rulesIn(spec(text)).map(({ id }) => id)).toEqual(["RT1", "RT2", "RT3", "RT4"]);
    expect(rulesIn(spec(text))[1]?.where).toBe("packages/x/SPEC.md:4");
  });
});

describe("tests that quote rules", () => {
  test("one title may quote several rules", () => {
    expect(idsIn('test("[RT1] a", f); it(`[RT2, RT3] b`, f); test("[RT4] [RT5] c", f);')).toEqual([
      "RT1",
      "RT2",
      "RT3",
      "RT4",
      "RT5",
    ]);
  });

  test("tables of cases and suites of a contract count", () => {
    expect(
      idsIn('test.each([1])("[RT1] a", f); contract.rule("[RT2] b", f); describe("[RT3] c", f);'),
    ).toEqual(["RT1", "RT2", "RT3"]);
  });

  test("a test that does not run proves nothing", () => {
    expect(
      idsIn('test.skip("[RT1] a", f); test.todo("[RT2] b"); describe.skip.each([1])("[RT3] c", f);'),
    ).toEqual([]);
  });

  test("an id in a comment or inside a sentence is no quote", () => {
    expect(idsIn('// test("[RT1] a")\ntest("as in [RT2]", f);')).toEqual([]);
  });
});

describe("rules and tests together", () => {
  test("all is well when each rule is quoted", () => {
    expect(ruleViolations([spec("RT1 One.")], [suite('test("[RT1] one", f);')])).toEqual([]);
  });

  test("a rule without a test, a test without a rule, and an id stated twice are named with their places", () => {
    expect(
      ruleViolations(
        [spec("RT1 One.\nRT2 Two.\nRT2 Again.")],
        [suite('test("[RT2] a", f);\ntest("[RT9] b", f);')],
      ),
    ).toEqual([
      "packages/x/SPEC.md:3 rule RT2 is stated before, at packages/x/SPEC.md:2",
      'packages/x/SPEC.md:1 rule RT1 has no test named "[RT1] ..."',
      "packages/x/src/x.test.ts:2 quotes rule RT9, which no SPEC.md states",
    ]);
  });
});
