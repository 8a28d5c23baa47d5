import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import type { TrunkExtra, TrunkValue } from "./trunk-kind.ts";

/** Carrier lines. No password ever leaves. */
export function mountTrunkRoutes(
  http: HttpCore,
  office: Office,
  live: LiveService,
  kind: OfficeKind<TrunkValue, TrunkExtra>,
): void {
  mountOfficeRoutes(http, office, api.trunks, {
    kind,
    toEntity: ({ id, revision, archived, value, extra }) => ({
      id,
      revision,
      archived,
      name: value.name,
      inbound: value.inbound,
      inboundPasswordSet: extra.inboundHa1 !== null,
      outbound: value.outbound,
      outboundPasswordSet: extra.outboundPassword !== null,
      maxCalls: value.maxCalls,
      country: value.country,
      incomingNumbers: value.incomingNumbers,
    }),
  });
  http.mount(api.trunks.status, async ({ caller, params }) =>
    live.telephony.trunk(office.see(caller, kind, params.id).id),
  );
}
