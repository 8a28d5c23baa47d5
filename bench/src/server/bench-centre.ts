import { api } from "@svara/contracts";
import { firstRun, type HttpSession, signIn } from "@svara/server/testing";
import type { PhoneAccount } from "../load/desk-phones.ts";

/** A number whose callers wait for ever: nobody has the skill that its queue asks for. */
export const waitingNumber = "100";
/** A number whose callers are given to whoever is free. */
export const servedNumber = "101";

/** Requests at once while the centre is built. */
const hands = 6;

interface Agent {
  readonly phoneId: string;
  readonly phone: PhoneAccount;
  readonly session: HttpSession;
}

/** The centre that is measured, built through the public API as an administrator would in the office. */
export class BenchCentre {
  readonly #baseUrl: string;
  readonly #admin: HttpSession;
  readonly #clientId: string;
  readonly #agents: Agent[] = [];

  private constructor(baseUrl: string, admin: HttpSession, clientId: string) {
    this.#baseUrl = baseUrl;
    this.#admin = admin;
    this.#clientId = clientId;
  }

  static async build(baseUrl: string, firstRunToken: string): Promise<BenchCentre> {
    const admin = await firstRun(baseUrl, {
      token: firstRunToken,
      username: "admin",
      displayName: "Administrator",
      password: "bench-password",
      language: "en",
    });
    const { items } = await admin.call(api.clients.list, { query: {} });
    const centre = new BenchCentre(baseUrl, admin, items[0]?.id ?? "");
    await centre.record(false);
    await admin.call(api.trunks.create, {
      body: {
        name: "Line",
        inbound: { kind: "address", addresses: ["127.0.0.1"] },
        outbound: null,
        maxCalls: 10_000,
      },
    });
    const skill = await admin.call(api.skills.create, { body: { name: "Nobody has it", description: "" } });
    await centre.#line(waitingNumber, [{ skillId: skill.id, minLevel: 1 }]);
    await centre.#line(servedNumber, []);
    return centre;
  }

  /** Turns recording on or off for the calls that follow. */
  async record(on: boolean): Promise<void> {
    const params = { id: this.#clientId };
    const client = await this.#admin.call(api.clients.get, { params });
    const { id: _, revision, archived: __, ...draft } = client;
    await this.#admin.call(api.clients.replace, {
      params,
      ifMatch: revision,
      body: { ...draft, recordCalls: on },
    });
  }

  /** Makes agents with a desk phone each, signed in to the API. */
  async hire(count: number): Promise<readonly PhoneAccount[]> {
    const roles = await this.#admin.call(api.roles.list, { query: {} });
    const roleId = roles.items.find((role) => role.preset === "agent")?.id ?? "";
    await inParallel(count, async (n) => void this.#agents.push(await this.#hireOne(n, roleId)));
    return this.#agents.map(({ phone }) => phone);
  }

  /** All agents log in, available, each at the own desk phone, which must be registered. */
  async open(): Promise<void> {
    await inParallel(this.#agents.length, async (n) => {
      const agent = this.#agents[n];
      if (!agent) return;
      const { session, phoneId } = agent;
      await session.call(api.desk.setDevice, { body: { kind: "phone", phoneId } });
      await session.call(api.desk.logIn, { body: { presence: { kind: "available" } } });
    });
  }

  async #hireOne(n: number, roleId: string): Promise<Agent> {
    const username = `agent${n + 1}`;
    const password = `bench-password-${n + 1}`;
    const user = await this.#admin.call(api.users.create, {
      body: {
        username,
        password,
        mustChangePassword: false,
        displayName: `Agent ${n + 1}`,
        email: null,
        language: "en",
        active: true,
        grants: [{ roleId, scope: { kind: "centre" } }],
        agent: { teamId: null, siteId: null, extension: String(2001 + n), skills: [] },
      },
    });
    const made = await this.#admin.call(api.phones.create, {
      body: { name: `Phone ${n + 1}`, username: `desk${n + 1}`, agentId: user.id, siteId: null },
    });
    const session = await signIn(this.#baseUrl, username, password);
    return { phoneId: made.id, phone: { user: made.username, password: made.password }, session };
  }

  /** No greeting, no announcement, no wrap-up: the queue alone is measured. */
  async #line(
    number: string,
    requiredSkills: readonly { skillId: string; minLevel: number }[],
  ): Promise<void> {
    const clientId = this.#clientId;
    const queue = await this.#admin.call(api.queues.create, {
      body: {
        clientId,
        name: `Queue ${number}`,
        medium: "voice",
        priority: 0,
        requiredSkills: [...requiredSkills],
        teamIds: [],
        agentIds: [],
        ringTimeoutMs: 20_000,
        wrapUp: { mode: "off" },
        serviceLevel: { thresholdMs: 20_000, target: 0.8 },
        shortAbandonMs: 5_000,
        musicPromptId: null,
        announce: { position: false, estimatedWait: false, everyMs: 60_000 },
        maxWaiting: null,
        dispositionRequired: false,
      },
    });
    const entryPoint = await this.#admin.call(api.entryPoints.create, {
      body: {
        clientId,
        name: `Line ${number}`,
        form: {
          language: "en",
          recordingNotice: false,
          queueId: queue.id,
          music: "default",
          announcePosition: false,
          announceEstimatedWait: false,
          announceEverySec: 60,
          closedThen: { kind: "hangup" },
        },
      },
    });
    await this.#admin.call(api.numbers.create, {
      body: { clientId, number, label: "", target: { kind: "entry_point", entryPointId: entryPoint.id } },
    });
  }
}

async function inParallel(count: number, act: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const hand = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: hands }, hand));
}
