import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { EXEMPTIONS, FURTHER_DOORS, IMPORT_TABLE, PURE_PACKAGES } from "./boundary-table.ts";
import {
  isNode,
  leadingText,
  lineAt,
  parseSource,
  readTree,
  type SourceFile,
  type SyntaxNode,
  walk,
} from "./source-tree.ts";

const SCOPE = "@svara/";
const AMBIENT_CALLS = new Set(["setTimeout", "setInterval", "setImmediate", "requestAnimationFrame"]);
const AMBIENT_MEMBERS = new Set([
  "Date.now",
  "Math.random",
  "performance.now",
  "crypto.getRandomValues",
  "crypto.randomUUID",
  "globalThis.setTimeout",
  "globalThis.setInterval",
  "Temporal.Now",
]);
const TIMER_MODULES = new Set(["node:timers", "node:timers/promises"]);
/** Tests, what tests are made of, and the door by which test helpers leave. */
const TEST_FILE = /\.test\.tsx?$|(^|\/)testing(\.ts|\/)|\/test\/|\/test-[^/]+\.ts$/;
/** Programs that make shipped files (prompts, music) at development time. */
const DEVELOPMENT_TOOL = /^packages\/[^/]+\/tools\//;
const NODE_GLOBALS = new Set(["process", "Buffer", "require", "fetch", "__dirname", "__filename"]);
const WRITERS = new Set(["insertInto", "updateTable", "deleteFrom", "mergeInto"]);
const READERS = new Set(["selectFrom", "innerJoin", "leftJoin", "rightJoin", "fullJoin"]);

/** What breaks the design's boundaries in `files`, one line each (`path:line message`); empty when all is well. */
export function boundaryViolations(files: readonly SourceFile[]): string[] {
  const violations: string[] = [];
  const tables = new TableUse();
  for (const file of files) {
    const place = placeOf(file.path);
    if (place === undefined) {
      violations.push(
        `${file.path}:1 lies in a workspace that the import table (scripts/boundary-table.ts) does not name`,
      );
      continue;
    }
    const tree = parseSource(file);
    if (tree === undefined) continue;
    const report = (node: SyntaxNode, message: string): void => {
      violations.push(`${file.path}:${lineAt(file.text, node.start)} ${message}`);
    };
    checkImports(tree, place, report);
    checkAmbient(tree, place, report);
    if (place.capability !== undefined && !place.isTest) tables.note(tree, file, place.capability);
  }
  return [...violations, ...tables.violations()];
}

/** Where a file lies, as far as the rules care. */
interface Place {
  readonly path: string;
  readonly workspace: string;
  /** Runs on a developer's machine only. */
  readonly isTest: boolean;
  readonly isPure: boolean;
  readonly isPackage: boolean;
  /** The capability folder of `apps/server/src`. */
  readonly capability: string | undefined;
}

type Report = (node: SyntaxNode, message: string) => void;

function placeOf(path: string): Place | undefined {
  const workspace = Object.keys(IMPORT_TABLE).find((name) => path.startsWith(`${name}/`));
  if (workspace === undefined) return undefined;
  const name = workspace.split("/")[1] ?? workspace;
  const capability = /^apps\/server\/src\/([^/]+)\//.exec(path)?.[1];
  return {
    path,
    workspace,
    isTest: TEST_FILE.test(path) || DEVELOPMENT_TOOL.test(path),
    isPackage: workspace.startsWith("packages/"),
    isPure: workspace.startsWith("packages/") && PURE_PACKAGES.includes(name),
    capability,
  };
}

function checkImports(tree: SyntaxNode, place: Place, report: Report): void {
  walk(tree, (node) => {
    const specifier = importedModule(node);
    if (specifier === undefined) return;
    if (specifier.startsWith(".")) checkRelative(specifier, node, place, report);
    else if (specifier.startsWith(SCOPE)) checkWorkspace(specifier, node, place, report);
    else checkForeign(specifier, node, place, report);
  });
}

/** The module that a static, dynamic or type-level import names. */
function importedModule(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
      return leadingText(node.source);
    case "TSImportType":
      return leadingText(node.source ?? node.argument);
    default:
      return undefined;
  }
}

function checkRelative(specifier: string, node: SyntaxNode, place: Place, report: Report): void {
  const target = posix.normalize(posix.join(posix.dirname(place.path), specifier));
  if (!target.startsWith(`${place.workspace}/`)) {
    report(node, `reaches out of ${place.workspace} to ${target}: import the package by its name`);
    return;
  }
  const other = placeOf(target)?.capability;
  if (other !== undefined && other !== place.capability && /\.repository\.ts$/.test(target)) {
    report(node, `reaches into the repository of "${other}" (${target}): call that capability's use cases`);
  }
}

function checkWorkspace(specifier: string, node: SyntaxNode, place: Place, report: Report): void {
  const [name = "", ...rest] = specifier.slice(SCOPE.length).split("/");
  const door = rest.join("/");
  if (!["", "testing", ...(FURTHER_DOORS[name] ?? [])].includes(door)) {
    report(
      node,
      `imports ${specifier} past the door of the package: only "${SCOPE}${name}" and "${SCOPE}${name}/testing"`,
    );
  }
  // benchmarks drive the same floors and rigs as the tests
  if (door === "testing" && !place.isTest && place.workspace !== "bench")
    report(node, `imports test helpers (${specifier}) outside of a test`);
  const own = place.workspace.split("/")[1] ?? place.workspace;
  if (name === own) {
    report(node, `imports its own package by name (${specifier}): use a relative path`);
  } else if (!(IMPORT_TABLE[place.workspace] ?? []).includes(name) && !(place.isTest && door === "testing")) {
    report(
      node,
      `${place.workspace} may not import ${specifier} (scripts/boundary-table.ts, design section 3)`,
    );
  }
}

function checkForeign(specifier: string, node: SyntaxNode, place: Place, report: Report): void {
  if (TIMER_MODULES.has(specifier) && place.isPackage && !isExempt(place.path, "ambient")) {
    report(node, `imports ${specifier}: time is passed in as Clock (STYLE: time, chance and identity)`);
  }
  if (!place.isPure || place.isTest) return;
  if (isBuiltin(specifier)) report(node, `imports ${specifier}, but the package is pure: no Node API`);
  else if (!isExempt(place.path, `library:${libraryOf(specifier)}`))
    report(node, `imports ${specifier}, but the package is pure: no foreign library`);
}

/** The library without the door: `a/max` and `@a/b/c` are of `a` and `@a/b`. */
function libraryOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Time, chance and (in pure packages) Node's globals that are taken from the surroundings instead of passed in. */
function checkAmbient(tree: SyntaxNode, place: Place, report: Report): void {
  if (!place.isPackage || place.isTest || isExempt(place.path, "ambient")) return;
  walk(tree, (node) => {
    const used = ambientUse(node);
    if (used !== undefined)
      report(node, `uses ${used}: take Clock, Random or Ids from @svara/kernel instead`);
    const global = place.isPure ? nodeGlobalUse(node) : undefined;
    if (global !== undefined) report(node, `uses ${global}, but the package is pure: no Node API`);
  });
}

function ambientUse(node: SyntaxNode): string | undefined {
  if (node.type === "MemberExpression") {
    const name = memberName(node);
    return name !== undefined && AMBIENT_MEMBERS.has(name) ? name : undefined;
  }
  if (node.type === "NewExpression" && nameOf(node.callee) === "Date") {
    return (node.arguments as readonly unknown[]).length === 0 ? "new Date()" : undefined;
  }
  if (node.type !== "CallExpression") return undefined;
  const callee = nameOf(node.callee);
  return callee !== undefined && AMBIENT_CALLS.has(callee) ? callee : undefined;
}

function nodeGlobalUse(node: SyntaxNode): string | undefined {
  if (node.type !== "MemberExpression" && node.type !== "CallExpression") return undefined;
  const name = nameOf(node.type === "MemberExpression" ? node.object : node.callee);
  return name !== undefined && NODE_GLOBALS.has(name) ? name : undefined;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Identifier" ? (node.name as string) : undefined;
}

function memberName(node: SyntaxNode): string | undefined {
  const object = nameOf(node.object);
  const property = nameOf(node.property);
  return object === undefined || property === undefined || node.computed === true
    ? undefined
    : `${object}.${property}`;
}

function isExempt(path: string, what: string): boolean {
  return EXEMPTIONS.some((exemption) => exemption.path === path && exemption.what === what);
}

/** Which capability of the server writes and reads which table: a table has one owner, the one that writes it. */
class TableUse {
  readonly #writers = new Map<string, Map<string, string>>();
  readonly #readers = new Map<string, Map<string, string>>();

  note(tree: SyntaxNode, file: SourceFile, capability: string): void {
    walk(tree, (node) => {
      if (node.type !== "CallExpression" || !isNode(node.callee) || node.callee.type !== "MemberExpression")
        return;
      const method = nameOf(node.callee.property);
      if (method === undefined || !(WRITERS.has(method) || READERS.has(method))) return;
      const table = leadingText((node.arguments as readonly unknown[])[0])?.split(/[\s.]/)[0];
      if (table === undefined || table === "") return;
      const uses = WRITERS.has(method) ? this.#writers : this.#readers;
      const places = uses.get(table) ?? new Map<string, string>();
      uses.set(table, places);
      if (!places.has(capability)) places.set(capability, `${file.path}:${lineAt(file.text, node.start)}`);
    });
  }

  violations(): string[] {
    const found: string[] = [];
    for (const [table, writers] of this.#writers) {
      const [owner] = writers.keys();
      if (writers.size > 1) {
        found.push(
          `${[...writers.values()].join(", ")} table "${table}" is written by ${[...writers.keys()].join(" and ")}: it has one owner`,
        );
        continue;
      }
      for (const [reader, where] of this.#readers.get(table) ?? []) {
        if (reader === owner || isExempt(where.split(":")[0] ?? "", `table:${table}`)) continue;
        found.push(
          `${where} "${reader}" reads table "${table}" of "${owner}": call that capability's use cases`,
        );
      }
    }
    return found;
  }
}

/** The violations in the working tree at `root`. */
export function checkBoundaries(root: string): string[] {
  return boundaryViolations(readTree(root, ["packages", "apps", "bench"], /\.tsx?$/));
}

if (import.meta.main) {
  const violations = checkBoundaries(process.cwd());
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
