/**
 * Writes apps/server/src/database/db.generated.ts from the migrations: `node scripts/db-types.ts`.
 * `--check` writes nothing and fails when the file does not match.
 */
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { sharedTestServer, templateDatabase } from "../apps/server/src/database/test-server.ts";

const root = path.join(import.meta.dirname, "..");
const server = await sharedTestServer(undefined);
const database = await templateDatabase(server);
const { host, port, user, password } = server.admin();
const url = `postgres://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(String(host))}`;
const out = path.join(root, "apps/server/src/database/db.generated.ts");
const codegen = path.join(root, "node_modules/kysely-codegen/dist/cli/bin.js");
try {
  execFileSync(
    process.execPath,
    [
      codegen,
      "--dialect=postgres",
      `--url=${url}`,
      `--out-file=${out}`,
      "--camel-case",
      "--exclude-pattern=kysely_*",
      `--type-mapping=${JSON.stringify({ int8: "number" })}`,
      ...(process.argv.includes("--check") ? ["--verify"] : []),
    ],
    { stdio: ["ignore", "inherit", "inherit"], cwd: root },
  );
} catch {
  process.exitCode = 1;
}
process.exit();
