import { addDays } from "@svara/calendar";
import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, invalid, notFound } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import { queueKind } from "../queues/queue-kind.ts";
import type { Caller } from "../rights/access.ts";
import { WaitWords } from "./explain-wait.ts";
import { floorView } from "./floor-view.ts";
import { mountMonitorRoutes } from "./monitor-routes.ts";

interface Parts {
  readonly http: HttpCore;
  readonly live: LiveService;
  readonly office: Office;
}

/** Of a question about days. */
const MOST_DAYS = 31;

/** Queues and agents live, and the contacts behind their figures. */
export function mountFloorRoutes({ http, live, office }: Parts): void {
  const words = new WaitWords(office.catalogue);
  http.mount(api.floor.state, async ({ caller }) => live.floor.state(floorView(caller.access, "floor.view")));
  http.mount(api.floor.waiting, async ({ caller, params }) => {
    const queue = office.catalogue.get(queueKind, params.id);
    const view = floorView(caller.access, "floor.view");
    if (!queue || !view.queue({ id: queue.id, clientId: queue.value.clientId })) throw notFound("queue");
    return { items: live.floor.waiting(queue.id).map((waiting) => ({ ...waiting })) };
  });
  http.mount(api.floor.explain, async ({ caller, params }) => {
    const found = live.floor.explain(floorView(caller.access, "floor.view"), params.id);
    if (!found) throw notFound("waiting contact");
    return words.explained(params.id, found.shortNumber, found.explanation);
  });
  http.mount(api.floor.whyNot, async ({ caller, params }) => {
    const reasons = live.floor.whyNot(floorView(caller.access, "floor.view"), params.id, params.agentId);
    if (!reasons) throw notFound("waiting contact or agent");
    return words.whyNot(params.id, params.agentId, reasons);
  });
  http.mount(api.floor.setPresence, async ({ caller, params, body }) => {
    await live.floor.setPresence(caller.actor, controlled(office, caller, params.id), body);
    return {};
  });
  http.mount(api.floor.logOut, async ({ caller, params }) => {
    await live.floor.logOut(caller.actor, controlled(office, caller, params.id));
    return {};
  });
  mountMonitorRoutes({ http, live });
  http.mount(api.insight.contacts, async ({ caller, query }) => {
    const view = floorView(caller.access, "insight.view");
    const queue = query.queueId === undefined ? undefined : office.catalogue.get(queueKind, query.queueId);
    if (
      query.queueId !== undefined &&
      (!queue || !view.queue({ id: queue.id, clientId: queue.value.clientId }))
    )
      throw notFound("queue");
    const contactIds = await live.insight.contacts(view, {
      metric: query.metric,
      date: query.date,
      ...(query.queueId !== undefined && { queueId: query.queueId }),
    });
    return { contactIds: [...contactIds] };
  });
  http.mount(api.insight.waitEstimates, async ({ caller, query }) => {
    const view = floorView(caller.access, "insight.view");
    const { queueId, from, to = query.from } = query;
    if (to < from || to > addDays(from, MOST_DAYS - 1))
      throw invalid([
        {
          field: "query.to",
          code: "out_of_range",
          message: `at most ${MOST_DAYS} days, the first one first`,
        },
      ]);
    const queue = queueId === undefined ? undefined : office.catalogue.get(queueKind, queueId);
    if (queueId !== undefined && (!queue || !view.queue({ id: queue.id, clientId: queue.value.clientId })))
      throw notFound("queue");
    const items = await live.insight.waitEstimates(view, {
      from,
      to,
      ...(queueId !== undefined && { queueId }),
    });
    return { items: items.map((item) => ({ ...item })) };
  });
  http.mount(api.insight.definitions, async () => ({
    items: live.insight.definitions().map((definition) => ({ ...definition })),
  }));
}

/** An agent whom the caller may control. @throws HttpError 403, 404 */
function controlled(office: Office, caller: Caller, id: string): string {
  const user = office.catalogue.get(userKind, id);
  if (!user?.value.agent) throw notFound("agent");
  if (!caller.access.covers("agents.control", userKind.placeOf(user.value, id)))
    throw forbidden("agents.control");
  return id;
}
