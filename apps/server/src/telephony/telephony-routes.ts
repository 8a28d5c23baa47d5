import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import { notFound } from "../http/http-error.ts";
import type { LiveService } from "../live/live-service.ts";

/** The switch as administrators see it: its load, its alarms, addresses that it does not hear. */
export function mountTelephonyRoutes(http: HttpCore, { telephony }: Pick<LiveService, "telephony">): void {
  http.mount(api.telephony.status, async () => ({
    alarms: [...telephony.alarms()],
    ...telephony.load(),
    bans: telephony.bans().length,
  }));
  http.mount(api.telephony.bans, async () => ({ items: telephony.bans().map((ban) => ({ ...ban })) }));
  http.mount(api.telephony.unban, async ({ params }) => {
    if (!telephony.unban(params.address)) throw notFound("banned address");
    return {};
  });
}
