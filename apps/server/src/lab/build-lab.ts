import { api } from "@svara/contracts";
import type { AgentId, Ids } from "@svara/kernel";
import type { Configuration } from "../configuration/index.ts";
import { WHOLE_CENTRE } from "../database/index.ts";
import type { HttpSession } from "../demo/http-session.ts";
import type { DeskService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import { type PhoneValue, phoneKind } from "../phones/phone-kind.ts";

/** The phones of the lab: user name, extension and password by heart, for programs and people who test. */
const LAB_PHONES = [
  { name: "1001", password: "pw1001", maxDevices: 1 },
  { name: "1002", password: "pw1002", maxDevices: 1 },
  { name: "1003", password: "pw1003", maxDevices: 1 },
  { name: "1005", password: "pw1005", maxDevices: 2 },
] as const;

/** This phone may challenge our calls, in a realm of its own, and is answered with these words. */
export const LAB_PHONE_ACCOUNTS: ReadonlyMap<
  string,
  { readonly username: string; readonly password: string }
> = new Map([["1002", { username: "lab1002", password: "lab-pw1002" }]]);

/** A queue that nobody serves: who calls hears its music for as long as they like. */
const LAB_QUEUE_NUMBER = "700";

export interface BuildLabDeps {
  readonly admin: HttpSession;
  readonly configuration: Configuration;
  readonly office: Office;
  readonly ids: Ids;
  readonly desk: DeskService;
}

/** Adds the lab's colleagues, their phones and the queue to the demonstration, unless an earlier start did; signs the colleagues in. */
export async function buildLab({ admin, configuration, office, ids, desk }: BuildLabDeps): Promise<void> {
  const { items: users } = await admin.call(api.users.list, { query: { limit: 200 } });
  const { items: phones } = await admin.call(api.phones.list, { query: { limit: 200 } });
  const { items: roles } = await admin.call(api.roles.list, { query: {} });
  const agentRole = roles.find((role) => role.preset === "agent")?.id ?? "";
  for (const { name, password, maxDevices } of LAB_PHONES) {
    const username = `lab${name}`;
    const user =
      users.find((one) => one.username === username) ??
      (await admin.call(api.users.create, {
        body: {
          username,
          displayName: `Lab phone ${name}`,
          email: null,
          language: "en",
          active: true,
          grants: [{ roleId: agentRole, scope: { kind: "centre" } }],
          agent: { teamId: null, siteId: null, extension: name, skills: [] },
        },
      }));
    const phone: PhoneValue = {
      name: `Lab ${name}`,
      username: name,
      agentId: user.id,
      siteId: null,
      maxDevices,
      srtp: null,
      password,
    };
    const id = phones.find((one) => one.username === name)?.id ?? ids.next();
    await configuration.apply(WHOLE_CENTRE, { actor: "system", kind: phoneKind.kind, id, value: phone });
    await office.settled();
    const who = {
      agentId: user.id as AgentId,
      displayName: user.displayName,
      mayDialOut: true,
      clients: "all",
    } as const;
    await desk.setDevice(who, { kind: "phone", phoneId: id });
    await desk.logIn(who, { kind: "available" });
  }
  await labQueue(admin);
}

async function labQueue(admin: HttpSession): Promise<void> {
  const { items: numbers } = await admin.call(api.numbers.list, { query: { limit: 200 } });
  if (numbers.some((one) => one.number === LAB_QUEUE_NUMBER)) return;
  const { items: clients } = await admin.call(api.clients.list, { query: {} });
  const clientId = clients[0]?.id ?? "";
  const skill = await admin.call(api.skills.create, {
    body: { name: "Lab", description: "Nobody has it: the lab's queue is to be waited in." },
  });
  const queue = await admin.call(api.queues.create, {
    body: {
      clientId,
      name: "Lab queue",
      medium: "voice",
      priority: 0,
      requiredSkills: [{ skillId: skill.id, minLevel: 1 }],
      teamIds: [],
      agentIds: [],
      ringTimeoutMs: 18_000,
      wrapUp: { mode: "off" },
      serviceLevel: { thresholdMs: 20_000, target: 0.8 },
      shortAbandonMs: 5_000,
      musicPromptId: null,
      announce: { position: false, estimatedWait: false, everyMs: 30_000 },
      maxWaiting: null,
      dispositionRequired: false,
    },
  });
  const entryPoint = await admin.call(api.entryPoints.create, {
    body: {
      clientId,
      name: `Lab queue (${LAB_QUEUE_NUMBER})`,
      form: {
        language: "en",
        recordingNotice: false,
        queueId: queue.id,
        music: "default",
        announcePosition: false,
        announceEstimatedWait: false,
        announceEverySec: 30,
        closedThen: { kind: "hangup" },
      },
    },
  });
  await admin.call(api.numbers.create, {
    body: {
      clientId,
      number: LAB_QUEUE_NUMBER,
      label: "Lab queue",
      target: { kind: "entry_point", entryPointId: entryPoint.id },
    },
  });
}
