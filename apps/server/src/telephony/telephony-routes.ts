import { api, type Permission } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, notFound } from "../http/http-error.ts";
import type { Audit } from "../identity/audit.ts";
import type { LiveService } from "../live/live-service.ts";

export interface TelephonyRoutesParts {
  readonly http: Pick<HttpCore, "mount">;
  readonly live: Pick<LiveService, "telephony">;
  readonly audit: Pick<Audit, "note">;
}

/** The switch as administrators of the whole centre see it: its load, its alarms, addresses that it does not hear. */
export function mountTelephonyRoutes({ http, live: { telephony }, audit }: TelephonyRoutesParts): void {
  http.mount(api.telephony.status, async ({ caller }) => {
    mustHoldEverywhere(caller, "telephony.view");
    return { alarms: [...telephony.alarms()], ...telephony.load(), bans: telephony.bans().length };
  });
  http.mount(api.telephony.bans, async ({ caller }) => {
    mustHoldEverywhere(caller, "telephony.view");
    return { items: telephony.bans().map((ban) => ({ ...ban })) };
  });
  http.mount(api.telephony.unban, async ({ caller, params }) => {
    mustHoldEverywhere(caller, "telephony.edit");
    if (!telephony.unban(params.address)) throw notFound("banned address");
    await audit.note({ action: "ban_lifted", userId: caller.userId, address: params.address });
    return {};
  });
}

/** They are nobody's of one client. */
function mustHoldEverywhere(
  { access }: { readonly access: { hasEverywhere(permission: Permission): boolean } },
  permission: Permission,
): void {
  if (!access.hasEverywhere(permission)) throw forbidden(permission);
}
