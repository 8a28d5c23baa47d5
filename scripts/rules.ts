import { isNode, leadingText, lineAt, parseSource, readTree, type SourceFile, walk } from "./source-tree.ts";

const RULE_LINE = /^(?:[-*] )?(?:#{2,5} )?(?:\*\*)?([A-Z]{1,5}\d+[a-z]?)(?:\*\*)?[\s.:]/;
const QUOTED_AT_START = /^\s*((?:\[[A-Z]{1,5}\d+[a-z]?(?:,\s*[A-Z]{1,5}\d+[a-z]?)*\]\s*)+)/;
const RULE_ID = /[A-Z]{1,5}\d+[a-z]?/g;
const SKIPPING = new Set(["skip", "todo"]);

/** One rule of a SPEC.md, or one test that quotes a rule. */
interface Mention {
  readonly id: string;
  readonly where: string;
}

/** The rules that a SPEC.md states: lines that begin with an id such as `RT7`, bold or plain, as a list item or not. */
export function rulesIn(spec: SourceFile): Mention[] {
  return spec.text.split("\n").flatMap((line, index) => {
    const id = RULE_LINE.exec(line)?.[1];
    return id === undefined ? [] : [{ id, where: `${spec.path}:${index + 1}` }];
  });
}

/** The rules that the titles of running tests in `file` quote (`test("[RT7] ...")`); skipped tests prove nothing. */
export function quotesIn(file: SourceFile): Mention[] {
  const tree = parseSource(file);
  if (tree === undefined) return [];
  const found: Mention[] = [];
  walk(tree, (node) => {
    if (node.type !== "CallExpression" || skips(node.callee)) return;
    const title = leadingText((node.arguments as readonly unknown[])[0]);
    const quoted = title === undefined ? undefined : QUOTED_AT_START.exec(title)?.[1];
    const where = `${file.path}:${lineAt(file.text, node.start)}`;
    for (const id of quoted?.match(RULE_ID) ?? []) found.push({ id, where });
  });
  return found;
}

function skips(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "CallExpression") return skips(callee.callee);
  if (callee.type !== "MemberExpression") return false;
  const property = callee.property;
  return (isNode(property) && SKIPPING.has(String(property.name))) || skips(callee.object);
}

/** Rules without a test, tests that quote no rule, and ids that two rules share; one line each. */
export function ruleViolations(specs: readonly SourceFile[], tests: readonly SourceFile[]): string[] {
  const rules = new Map<string, string>();
  const violations: string[] = [];
  for (const { id, where } of specs.flatMap(rulesIn)) {
    const first = rules.get(id);
    if (first === undefined) rules.set(id, where);
    else violations.push(`${where} rule ${id} is stated before, at ${first}`);
  }
  const quotes = tests.flatMap(quotesIn);
  const quoted = new Set(quotes.map(({ id }) => id));
  for (const [id, where] of rules) {
    if (!quoted.has(id)) violations.push(`${where} rule ${id} has no test named "[${id}] ..."`);
  }
  for (const { id, where } of quotes) {
    if (!rules.has(id)) violations.push(`${where} quotes rule ${id}, which no SPEC.md states`);
  }
  return violations;
}

/** The violations in the working tree at `root`. Contract suites live outside of `*.test.ts`, so all sources are read. */
export function checkRules(root: string): string[] {
  const folders = ["packages", "apps", "bench", "test"];
  return ruleViolations(readTree(root, folders, /^SPEC\.md$/), readTree(root, folders, /\.tsx?$/));
}

if (import.meta.main) {
  const violations = checkRules(process.cwd());
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
