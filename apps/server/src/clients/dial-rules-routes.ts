import { api } from "@svara/contracts";
import type { AgentId, ClientId } from "@svara/kernel";
import type { HttpCore } from "../http/http-core.ts";
import { invalid } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import { dialRulesKind } from "./dial-rules-kind.ts";

/** What may be called for each client, and what would happen if a number were dialled. */
export function mountDialRules(parts: {
  readonly http: HttpCore;
  readonly office: Office;
  readonly live: Pick<LiveService, "telephony">;
}): void {
  const { http, office, live } = parts;
  http.mount(api.dialRules.get, async ({ caller, params, tag }) => {
    const { id, revision, value } = office.see(caller, dialRulesKind, params.id);
    tag(revision);
    return { id, revision, ...value };
  });
  http.mount(api.dialRules.replace, async ({ caller, params, body, ifMatch, tag }) => {
    const { id, revision, value } = await office.replace(caller, dialRulesKind, params.id, body, { ifMatch });
    tag(revision);
    return { id, revision, ...value };
  });
  http.mount(api.dialRules.try, async ({ caller, query }) => {
    const { number, agentId } = query;
    const clientId = office.see(caller, dialRulesKind, query.clientId).id as ClientId;
    if (agentId === undefined) return live.telephony.tryNumber({ number, clientId });
    const user = office.catalogue.get(userKind, agentId);
    if (!user?.value.agent || !office.maySee(caller, userKind, userKind.placeOf(user.value, agentId)))
      throw invalid([{ field: "agentId", code: "unknown", message: "not an agent" }]);
    return live.telephony.tryNumber({ number, clientId, agentId: agentId as AgentId });
  });
}
