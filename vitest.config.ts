import { defineConfig } from "vitest/config";

const seeded = {
  alias: [
    { find: /^fast-check$/, replacement: new URL("scripts/seeded-fast-check.ts", import.meta.url).pathname },
  ],
};

/** End-to-end files share the machine where nobody listens to sound; `npm test` says which. */
const atATime = Number(process.env.SVARA_TEST_FILES_AT_A_TIME ?? "1");
const without = process.env.SVARA_TEST_WITHOUT?.split(" ") ?? [];

/** `*.test.ts` are unit tests (part of `npm run check`); `*.e2e.test.ts` meet strangers and real servers (`npm test`). */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: seeded,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.ts", "bench/src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.e2e.test.ts"],
          testTimeout: 30_000,
          isolate: false, // our modules keep no state of their own: loading them once a worker halves the time
        },
      },
      {
        resolve: seeded,
        test: {
          name: "e2e",
          include: ["{packages,apps}/*/src/**/*.e2e.test.ts", "test/**/*.e2e.test.ts"],
          exclude: ["**/node_modules/**", ...without],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: atATime,
          fileParallelism: atATime > 1,
        },
      },
    ],
  },
});
