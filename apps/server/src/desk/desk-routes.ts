import { api, type Softphone } from "@svara/contracts";
import type { ClientId, Clock, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { earlierContacts } from "../contacts/earlier-contacts.ts";
import { type DB, withScope } from "../database/index.ts";
import type { HttpCore } from "../http/http-core.ts";
import { HttpError, invalid, notFound } from "../http/http-error.ts";
import type {
  DeskAction,
  DeskAgent,
  DeskCall,
  DeskWork,
  DeviceChoice,
  LiveService,
} from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import { phoneKind } from "../phones/phone-kind.ts";
import type { Caller } from "../rights/access.ts";
import { iceServersFor, type TurnSettings } from "./turn-credentials.ts";

interface Parts {
  readonly http: HttpCore;
  readonly live: LiveService;
  readonly office: Office;
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly turn: TurnSettings | null;
}

/** The agent behind a caller. @throws HttpError 403 when the user takes no contacts */
export function deskAgentOf(caller: Caller): DeskAgent {
  if (caller.agentId === undefined || !caller.access.has("desk.use"))
    throw new HttpError("You are not set up as an agent", { status: 403, code: "not_an_agent" });
  return {
    agentId: caller.agentId,
    displayName: caller.displayName,
    mayDialOut: caller.access.has("desk.dial_out"),
    clients: caller.access.clientsOf("desk.use"),
    rights: caller.access,
  };
}

/** The agent's own desk: each route only maps onto the live runtime. */
export function mountDeskRoutes(parts: Parts): void {
  mountPresenceRoutes(parts);
  mountDeviceRoutes(parts);
  mountCallRoutes(parts);
  mountPickRoutes(parts);
  mountContactCommands(parts);
  mountCallingRoutes(parts);
}

function mountPresenceRoutes({ http, live }: Parts): void {
  http.mount(api.desk.state, async ({ caller }) => live.desk.state(deskAgentOf(caller)));
  http.mount(api.desk.logIn, async ({ caller, body }) => {
    await live.desk.logIn(deskAgentOf(caller), body?.presence);
    return {};
  });
  http.mount(api.desk.logOut, async ({ caller }) => {
    await live.desk.logOut(deskAgentOf(caller));
    return {};
  });
  http.mount(api.desk.setPresence, async ({ caller, body }) => {
    await live.desk.setPresence(deskAgentOf(caller), body);
    return {};
  });
}

function mountDeviceRoutes({ http, live, office, clock, turn }: Parts): void {
  const withRelays = (softphone: Softphone, { agentId }: DeskAgent): Softphone => {
    const iceServers = iceServersFor(turn, agentId, clock.now());
    return iceServers.length > 0 ? { ...softphone, iceServers } : softphone;
  };
  http.mount(api.desk.softphone, async ({ caller }) => {
    const agent = deskAgentOf(caller);
    return withRelays(await live.desk.softphone(agent), agent);
  });
  http.mount(api.desk.claimSoftphone, async ({ caller, body }) => {
    const agent = deskAgentOf(caller);
    const claimed = await live.desk.claimSoftphone(agent, body.tabId, body.takeOver ?? false);
    return withRelays(claimed, agent);
  });
  http.mount(api.desk.reportMicrophone, async ({ caller, body }) => {
    await live.desk.reportMicrophone(deskAgentOf(caller), body.ok, body.reason);
    return {};
  });
  http.mount(api.desk.setDevice, async ({ caller, body }) => {
    const agent = deskAgentOf(caller);
    await live.desk.setDevice(agent, deviceOf(office, agent, body));
    return {};
  });
  http.mount(api.desk.phones, async ({ caller }) => {
    const { agentId } = deskAgentOf(caller);
    const phones = office.catalogue
      .inUse(phoneKind)
      .filter(({ value }) => value.agentId === null || value.agentId === agentId);
    return {
      items: phones.map(({ id, value }) => ({
        id,
        name: value.name,
        registered: live.telephony.phone(id).registered,
      })),
    };
  });
}

/** A phone must be in use and the agent's, or anybody's. @throws HttpError 400 */
function deviceOf(
  office: Office,
  { agentId }: DeskAgent,
  choice: { readonly kind: "browser" | "phone"; readonly phoneId?: string | undefined },
): DeviceChoice {
  if (choice.kind === "browser") return { kind: "browser" };
  const phone = choice.phoneId === undefined ? undefined : office.catalogue.get(phoneKind, choice.phoneId);
  if (!phone || phone.archived || (phone.value.agentId !== null && phone.value.agentId !== agentId))
    throw invalid([{ field: "phoneId", code: "unknown", message: "not a phone that you may use" }]);
  return { kind: "phone", phoneId: phone.id };
}

/** The agent's own calling, and calls that are fetched. */
function mountCallingRoutes({ http, live }: Parts): void {
  http.mount(api.desk.setCalling, async ({ caller, body }) =>
    live.desk.setCalling(deskAgentOf(caller), body),
  );
  http.mount(api.desk.callerIds, async ({ caller, query }) => ({
    items: [...live.desk.callerIds(deskAgentOf(caller), query?.clientId)],
  }));
  http.mount(api.desk.parked, async ({ caller }) => ({ items: [...live.desk.parked(deskAgentOf(caller))] }));
  http.mount(api.desk.fetchParked, async ({ caller, params }) => ({
    contactId: await live.desk.fetchParked(deskAgentOf(caller), Number(params.slot)),
  }));
  http.mount(api.desk.ringing, async ({ caller }) => ({
    items: [...live.desk.ringing(deskAgentOf(caller))],
  }));
  http.mount(api.desk.pickUp, async ({ caller, params }) => ({
    contactId: await live.desk.pickUp(deskAgentOf(caller), params.id),
  }));
}

function mountPickRoutes({ http, live }: Parts): void {
  const mayPick = (caller: Caller) => (queue: { readonly id: QueueId; readonly clientId: ClientId }) =>
    caller.access.covers("desk.pick", { clientId: queue.clientId, queueId: queue.id });
  http.mount(api.desk.pickable, async ({ caller }) => ({
    queues: live.desk.pickable(deskAgentOf(caller), mayPick(caller)).map(({ waiting, ...queue }) => ({
      ...queue,
      waiting: waiting.map((one) => ({ ...one })),
    })),
  }));
  http.mount(api.desk.pick, async ({ caller, body }) => {
    await live.desk.pick(deskAgentOf(caller), body.contactId, mayPick(caller));
    return {};
  });
}

function mountCallRoutes({ http, live }: Parts): void {
  // the live centre knows whether a number is a colleague's, or calls for help: it asks for the right to call out
  http.mount(api.desk.call, async ({ caller, body }) => live.desk.call(deskAgentOf(caller), callOf(body)));
  http.mount(api.desk.directory, async ({ caller, query }) => ({
    items: [
      ...(await live.desk.directory(deskAgentOf(caller), query?.search ?? "", {
        entryPoints: query?.entryPoints === "true",
      })),
    ],
  }));
}

function callOf(
  body:
    | { number: string; clientId?: string | undefined; fromNumberId?: string | undefined }
    | { agentId: string }
    | { queueId: string },
): DeskCall {
  if ("agentId" in body) return { kind: "agent", agentId: body.agentId };
  if ("queueId" in body) return { kind: "queue", queueId: body.queueId };
  return {
    kind: "number",
    number: body.number,
    ...(body.clientId !== undefined && { clientId: body.clientId }),
    ...(body.fromNumberId !== undefined && { fromNumberId: body.fromNumberId }),
  };
}

function mountContactCommands(parts: Parts): void {
  const { http, live, db, office } = parts;
  const act = async (caller: Caller, contactId: string, action: DeskAction) => {
    await live.desk.act(deskAgentOf(caller), contactId, action);
    return {};
  };
  const plain = {
    accept: "accept",
    refuse: "refuse",
    hold: "hold",
    resume: "resume",
    hangUp: "hang_up",
    consultComplete: "consult_complete",
    consultCancel: "consult_cancel",
    consultSwap: "consult_swap",
    conferenceMerge: "conference_merge",
    conferenceLeave: "conference_leave",
    reattach: "reattach",
    pauseRecording: "pause_recording",
    resumeRecording: "resume_recording",
    finishWrapUp: "finish_wrap_up",
  } as const;
  for (const [operation, kind] of Object.entries(plain) as [
    keyof typeof plain,
    (typeof plain)[keyof typeof plain],
  ][])
    http.mount(api.desk[operation], ({ caller, params }) => act(caller, params.id, { kind }));

  http.mount(api.desk.dtmf, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "dtmf", digits: body.digits }),
  );
  http.mount(api.desk.mute, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "mute", muted: body.muted }),
  );
  http.mount(api.desk.transfer, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "transfer", target: body.target }),
  );
  http.mount(api.desk.consult, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "consult", target: body.target }),
  );
  http.mount(api.desk.conferenceAdd, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "conference_add", target: body.target }),
  );
  http.mount(api.desk.conferenceDrop, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "conference_drop", participantId: body.participantId }),
  );
  http.mount(api.desk.move, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "move", device: deviceOf(office, deskAgentOf(caller), body) }),
  );
  http.mount(api.desk.park, async ({ caller, params, body }) => ({
    slot: await live.desk.park(deskAgentOf(caller), params.id, body?.slot),
  }));
  http.mount(api.desk.requestWrapUp, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "request_wrap_up", wanted: body.wanted }),
  );
  http.mount(api.desk.extendWrapUp, ({ caller, params, body }) =>
    act(caller, params.id, { kind: "extend_wrap_up", byMs: body.byMs }),
  );
  http.mount(api.desk.escalate, async ({ caller, params, body }) => {
    const { tier, queueId, reason, notes } = body;
    if (notes !== undefined) await live.desk.setWork(deskAgentOf(caller), params.id, { notes });
    return act(caller, params.id, {
      kind: "escalate",
      tier,
      ...(queueId !== undefined && { queueId }),
      ...(reason !== undefined && { reason }),
    });
  });
  http.mount(api.desk.crossSell, async ({ caller, params }) =>
    live.desk.crossSell(deskAgentOf(caller), params.id),
  );
  http.mount(api.desk.setWork, async ({ caller, params, body }) => {
    const work: DeskWork = {
      ...(body.notes !== undefined && { notes: body.notes }),
      ...(body.dispositionId !== undefined && { dispositionId: body.dispositionId }),
    };
    await live.desk.setWork(deskAgentOf(caller), params.id, work);
    return {};
  });
  http.mount(api.desk.history, async ({ caller, params }) => {
    const contact = live.desk.contact(deskAgentOf(caller).agentId, params.id);
    if (!contact) throw notFound("contact at your desk");
    if (!contact.customer || contact.clientId === undefined) return { items: [] };
    const { customer, clientId } = contact;
    const items = await withScope(db, { clients: [clientId] }, (tx) =>
      earlierContacts(tx, office.catalogue, { customerId: customer.id, except: contact.contactId }),
    );
    return { items };
  });
}
