import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import { HttpError } from "../http/http-error.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Supervisor } from "../live/monitoring.ts";
import type { Caller } from "../rights/access.ts";

/** Supervisors in running calls; which right a mode needs, and where, the live centre asks of the caller's own. */
export function mountMonitorRoutes({
  http,
  live,
}: {
  readonly http: HttpCore;
  readonly live: LiveService;
}): void {
  http.mount(api.floor.monitors, async ({ caller }) => ({ items: [...live.floor.monitors(caller.access)] }));
  http.mount(api.floor.startMonitor, async ({ caller, body }) =>
    live.floor.startMonitor(supervisorOf(caller), body),
  );
  http.mount(api.floor.changeMonitor, async ({ caller, params, body }) =>
    live.floor.changeMonitor(supervisorOf(caller), params.id, body.mode),
  );
  http.mount(api.floor.takeOver, async ({ caller, params }) => ({
    contactId: await live.floor.takeOver(supervisorOf(caller), params.id),
  }));
  http.mount(api.floor.stopMonitor, async ({ caller, params }) => {
    await live.floor.stopMonitor(supervisorOf(caller), params.id);
    return {};
  });
}

/** Whoever listens needs a device, and devices are agents'. @throws HttpError 409 */
function supervisorOf({ agentId, access, address }: Caller): Supervisor {
  if (agentId !== undefined) return { agentId, rights: access, address };
  throw new HttpError("Listening needs a device: you are not set up as an agent", {
    status: 409,
    code: "not_an_agent",
  });
}
