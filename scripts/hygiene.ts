import { readTree, type SourceFile } from "./source-tree.ts";

/** A path that only exists on somebody's machine. Built from parts so that this file does not find itself. */
const MACHINE_PATH = new RegExp(String.raw`(?<![\w.$}~-])/(?:work|root|home)${"/"}[A-Za-z0-9_.]+`, "g");
const TEXT_FILES =
  /(?:^|\/)(?:Dockerfile|LICENSE|run|[^/]*\.(?:[cm]?[jt]sx?|json|md|css|html|sql|ya?ml|toml|sh|xml|csv|svg|txt|editorconfig|npmrc|gitignore))$/;

/** Paths of somebody's machine in tracked files, and places in the lock file that bind it to one package registry. */
export function hygieneViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.path.endsWith("package-lock.json") ? registryHosts(file) : machinePaths(file),
  );
}

function machinePaths(file: SourceFile): string[] {
  return matchingLines(file, (line) => line.match(MACHINE_PATH)?.[0], "names a path of one machine");
}

function registryHosts(file: SourceFile): string[] {
  const host = (line: string) => /"resolved": "((?:https?|git\+ssh|git|file):[^"]+)"/.exec(line)?.[1];
  return matchingLines(file, host, "binds the lock file to a registry (.npmrc omits it)");
}

function matchingLines(
  file: SourceFile,
  find: (line: string) => string | undefined,
  complaint: string,
): string[] {
  return file.text.split("\n").flatMap((line, index) => {
    const found = find(line);
    return found === undefined ? [] : [`${file.path}:${index + 1} ${complaint}: ${found}`];
  });
}

/** The violations in the files below `root` that are the project's own. It asks no git: a checkout may come without. */
export function checkHygiene(root: string): string[] {
  return hygieneViolations(readTree(root, [".", ".ci"], TEXT_FILES));
}

if (import.meta.main) {
  const violations = checkHygiene(process.cwd());
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
