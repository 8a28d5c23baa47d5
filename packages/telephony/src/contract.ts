import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { provesCalls } from "./contract/calls.ts";
import { provesCommands } from "./contract/commands.ts";
import { provesFaults } from "./contract/faults.ts";
import type { SwitchHarness } from "./contract/harness.ts";
import { provesLife } from "./contract/life.ts";
import { provesMedia } from "./contract/media.ts";
import { provesMediaWork } from "./contract/media-work.ts";
import { provesRoutes } from "./contract/routes.ts";
import { Stage } from "./contract/stage.ts";

export type {
  ContractSwitch,
  MediaFault,
  SwitchHarness,
  TestCarrier,
  TestParty,
} from "./contract/harness.ts";

/** Proves that a driver obeys SPEC.md. Call it from a test file of the driver. */
export function runSwitchContract(harness: SwitchHarness): void {
  describe(`the switch contract: ${harness.name}`, () => {
    const stage = new Stage(harness);
    beforeAll(() => stage.start());
    beforeEach(() => {
      stage.seen = [];
    });
    afterAll(() => harness.stop());

    provesCommands(stage);
    provesCalls(stage);
    provesRoutes(stage);
    provesMedia(stage);
    provesMediaWork(stage);
    provesFaults(stage);
    provesLife(stage); // drains in the end
  });
}
