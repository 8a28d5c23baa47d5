import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

/** A source file as the checks read it; `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Any node of a syntax tree (ESTree with TypeScript): a type word and fields that a check asks for by name. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const SKIPPED = new Set(["node_modules", "dist", "data", "demo-data", "coverage", "test-results", "out"]);

/** All files under `folders` ("." is the root) whose name fits, in a stable order. A folder that is not there is empty. */
export function readTree(root: string, folders: readonly string[], fits: RegExp): SourceFile[] {
  const found: SourceFile[] = [];
  for (const folder of folders) collect(root, folder, fits, found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function collect(root: string, folder: string, fits: RegExp, found: SourceFile[]): void {
  for (const entry of listFolder(join(root, folder))) {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith(".")) collect(root, path, fits, found);
    } else if (fits.test(entry.name)) {
      found.push({ path, text: readFileSync(join(root, path), "utf8") });
    }
  }
}

function listFolder(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The syntax tree of a TypeScript file; undefined when it does not parse (the type check says why). */
export function parseSource(file: SourceFile): SyntaxNode | undefined {
  const result = parseSync(file.path, file.text);
  return result.errors.length > 0 ? undefined : (result.program as unknown as SyntaxNode);
}

/** Calls `visit` for every node below `node`, itself included, parents first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit);
    } else if (isNode(value)) {
      walk(value, visit);
    }
  }
}

/** Whether a value found in a syntax tree is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The text of a plain string literal or of a template's first part; undefined for anything else. */
export function leadingText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral") return undefined;
  const first: unknown = (node.quasis as readonly unknown[])[0];
  const value = isNode(first) ? (first.value as { cooked?: string | null }) : undefined;
  return value?.cooked ?? undefined;
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
