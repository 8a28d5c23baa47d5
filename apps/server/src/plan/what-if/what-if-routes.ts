import { api } from "@svara/contracts";
import type { HttpCore } from "../../http/http-core.ts";
import { waitingEffects } from "./waiting-effects.ts";
import type { WhatIfs } from "./what-if.ts";

/** Simulated days: run, seen, compared, named, deleted. */
export function mountWhatIfRoutes(
  http: HttpCore,
  whatIfs: WhatIfs,
  learning: Parameters<typeof waitingEffects>[0],
): void {
  http.mount(api.planWhatIf.days, async ({ caller }) => whatIfs.days(caller));
  http.mount(api.planWhatIf.list, async ({ caller }) => ({ items: await whatIfs.list(caller) }));
  http.mount(api.planWhatIf.run, async ({ caller, body }) => whatIfs.run(caller, body));
  http.mount(api.planWhatIf.get, async ({ caller, params, query }) =>
    whatIfs.get(caller, params.id, query?.queueId),
  );
  http.mount(api.planWhatIf.rename, async ({ caller, params, body }) => {
    await whatIfs.rename(caller, params.id, body.name);
    return {};
  });
  http.mount(api.planWhatIf.remove, async ({ caller, params }) => {
    await whatIfs.remove(caller, params.id);
    return {};
  });
  http.mount(api.planWhatIf.dissatisfaction, async ({ caller, query }) =>
    waitingEffects(learning, caller, query.queueId),
  );
}
