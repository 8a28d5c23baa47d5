import { expect, test } from "vitest";
import { FuzzRun } from "./testing/fuzz-run.ts";

test("[SIP96] twenty thousand mutated messages, with right ones between them, are survived, and nothing is kept", async () => {
  const run = new FuzzRun({ seed: 20_261_122 });
  for (let n = 0; n < 20_000; n++) await run.push();
  const rest = await run.rest();
  expect(rest.calls).toBeGreaterThan(300);
  expect(rest.parsed).toBeGreaterThan(5_000);
  expect(rest.stats).toMatchObject({
    dialogs: 0,
    callsInSetup: 0,
    clientTransactions: 0,
    serverTransactions: 0,
    connections: 0,
  });
  expect(rest.timers).toBe(0);
  await run.close();
});
