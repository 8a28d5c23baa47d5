import { api, type EntryPointFormDraft, type PresetRole, type QueueDraft } from "@svara/contracts";
import { type HttpSession, signIn } from "../../apps/server/src/demo/http-session.ts";
import { becomeAdmin, type TestServer } from "./server.ts";

export interface TestAgent {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly extension: string;
  /** Signed in by API, as the agent's own browser would be. */
  readonly session: HttpSession;
}

export interface TestPhone {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

/** A small centre that a test builds through the public API, as an administrator would in the office. */
export class TestCentre {
  readonly admin: HttpSession;
  readonly clientId: string;
  readonly #baseUrl: string;
  readonly #roleIds: Readonly<Record<PresetRole, string>>;
  #names = 0;

  private constructor(
    baseUrl: string,
    admin: HttpSession,
    clientId: string,
    roleIds: Readonly<Record<PresetRole, string>>,
  ) {
    this.#baseUrl = baseUrl;
    this.admin = admin;
    this.clientId = clientId;
    this.#roleIds = roleIds;
  }

  /** Makes the administrator and a trunk that knows 127.0.0.1; 127.0.0.2 stays a stranger. */
  static async build(server: TestServer): Promise<TestCentre> {
    return TestCentre.buildAt(server.baseUrl, server.running.firstRunLink);
  }

  static async buildAt(baseUrl: string, firstRunLink: string | undefined): Promise<TestCentre> {
    const admin = await becomeAdmin(baseUrl, firstRunLink);
    const clients = await admin.call(api.clients.list, { query: {} });
    const roles = await admin.call(api.roles.list, { query: {} });
    const roleOf = (preset: PresetRole): string => roles.items.find((r) => r.preset === preset)?.id ?? "";
    const roleIds = {
      administrator: roleOf("administrator"),
      planner: roleOf("planner"),
      supervisor: roleOf("supervisor"),
      agent: roleOf("agent"),
    };
    const client = clients.items[0];
    if (!client || !roleIds.agent) throw new Error("a new centre has a client and preset roles");
    await admin.call(api.trunks.create, {
      body: {
        name: "Carrier",
        inbound: { kind: "address", addresses: ["127.0.0.1"] },
        outbound: null,
        maxCalls: 200,
      },
    });
    return new TestCentre(baseUrl, admin, client.id, roleIds);
  }

  async skill(): Promise<string> {
    const made = await this.admin.call(api.skills.create, {
      body: { name: `Skill ${++this.#names}`, description: "" },
    });
    return made.id;
  }

  async queue(skillId: string, changes: Partial<QueueDraft> = {}): Promise<{ id: string; name: string }> {
    return this.admin.call(api.queues.create, {
      body: {
        clientId: this.clientId,
        name: `Queue ${++this.#names}`,
        medium: "voice",
        priority: 0,
        requiredSkills: [{ skillId, minLevel: 1 }],
        teamIds: [],
        agentIds: [],
        ringTimeoutMs: 20_000,
        wrapUp: { mode: "manual" },
        serviceLevel: { thresholdMs: 20_000, target: 0.8 },
        shortAbandonMs: 0,
        musicPromptId: null,
        announce: { position: false, estimatedWait: false, everyMs: 30_000 },
        maxWaiting: null,
        dispositionRequired: false,
        ...changes,
      },
    });
  }

  /** A number whose entry point says nothing before it queues, so that tests are quick. */
  async line(
    number: string,
    queueId: string,
    changes: Partial<EntryPointFormDraft> = {},
  ): Promise<{ entryPointId: string }> {
    const entryPoint = await this.admin.call(api.entryPoints.create, {
      body: {
        clientId: this.clientId,
        name: `Line ${number}`,
        form: {
          language: "en",
          recordingNotice: false,
          queueId,
          music: "default",
          announcePosition: false,
          announceEstimatedWait: false,
          announceEverySec: 60,
          closedThen: { kind: "hangup" },
          ...changes,
        },
      },
    });
    await this.admin.call(api.numbers.create, {
      body: {
        clientId: this.clientId,
        number,
        label: `Line ${number}`,
        target: { kind: "entry_point", entryPointId: entryPoint.id },
      },
    });
    return { entryPointId: entryPoint.id };
  }

  /** Somebody who takes calls, with one skill; by `role` with more rights than an agent's. */
  async agent(skillIds: readonly string[], role: PresetRole = "agent"): Promise<TestAgent> {
    const n = ++this.#names;
    const [username, password, displayName] = [`agent${n}`, `secret of agent ${n}`, `Agnes Number${n}`];
    const extension = String(7000 + n);
    const user = await this.admin.call(api.users.create, {
      body: {
        username,
        displayName,
        email: null,
        language: "en",
        active: true,
        grants: [{ roleId: this.#roleIds[role], scope: { kind: "centre" } }],
        agent: {
          teamId: null,
          siteId: null,
          extension,
          skills: skillIds.map((skillId) => ({ skillId, level: 3 })),
        },
      },
    });
    await this.admin.call(api.users.setPassword, {
      params: { id: user.id },
      body: { password, mustChange: false },
    });
    const session = await signIn(this.#baseUrl, username, password);
    return { id: user.id, username, password, displayName, extension, session };
  }

  /** A desk phone of an agent. */
  async phone(agentId: string): Promise<TestPhone> {
    const n = ++this.#names;
    const made = await this.admin.call(api.phones.create, {
      body: { name: `Phone ${n}`, username: `desk${n}`, agentId, siteId: null },
    });
    return { id: made.id, username: made.username, password: made.password };
  }

  async reasonId(code: string): Promise<string> {
    const { items } = await this.admin.call(api.reasons.list, { query: {} });
    const found = items.find((reason) => reason.code === code);
    if (!found) throw new Error(`no not-ready reason ${code}`);
    return found.id;
  }
}
