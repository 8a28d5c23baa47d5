import { expect, test } from "vitest";
import { cliRun } from "../testing/cli-run.ts";
import { staffing } from "./staffing.ts";

test("svara staffing --verify: the router, simulated with the agents found, reaches the level", async () => {
  const lines = Array.from({ length: 12 }, (_, i) => {
    const at = new Date(Date.UTC(2026, 2, 2, 8, 15 * i)).toISOString();
    return `${at},${Math.round(40 + 60 * Math.sin((Math.PI * i) / 11))}`;
  });
  const options = ["--aht", "240", "--patience", "120", "--service-level", "0.8", "--threshold", "20"];
  const { code, out } = await cliRun(
    staffing,
    ["--intervals", "-", ...options, "--verify", "--replications", "60", "--json"],
    { cwd: "/", stdin: [Buffer.from(["at,offered", ...lines].join("\n"))] },
  );
  expect(code).toBe(0);
  const open = JSON.parse(out).slice(0, 12);
  for (const { simulated_service_level: level, simulated_service_level_half_width: halfWidth } of open)
    expect(level + 2 * halfWidth).toBeGreaterThan(0.8);
}, 30_000);
