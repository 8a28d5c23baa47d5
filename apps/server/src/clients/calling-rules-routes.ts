import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import type { Office } from "../office/office.ts";
import { callingRulesKind } from "./calling-rules-kind.ts";

/** What holds for calls in the whole centre. */
export function mountCallingRules(parts: {
  readonly http: HttpCore;
  readonly office: Office;
  readonly centreId: string;
}): void {
  const { http, office, centreId } = parts;
  http.mount(api.callingRules.get, async ({ caller, tag }) => {
    const { id, revision, value } = office.see(caller, callingRulesKind, centreId);
    tag(revision);
    return { id, revision, ...value };
  });
  http.mount(api.callingRules.replace, async ({ caller, body, ifMatch, tag }) => {
    const { id, revision, value } = await office.replace(caller, callingRulesKind, centreId, body, {
      ifMatch,
    });
    tag(revision);
    return { id, revision, ...value };
  });
}
