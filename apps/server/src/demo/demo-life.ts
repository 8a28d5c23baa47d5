import { type AgentId, type Clock, Disposables, every, type Ids, type Random } from "@svara/kernel";
import { type MediaHost, WorkerMediaHost } from "@svara/media";
import { SILENT_LOG } from "@svara/sip";
import { SoftPhone } from "@svara/telephony";
import type { DeskService } from "../live/live-service.ts";
import type { DemoAgent, DemoCentre } from "./demo-centre.ts";
import { SyntheticAgent } from "./synthetic-agent.ts";
import { SyntheticCustomers } from "./synthetic-customers.ts";
import { Voices } from "./voices.ts";

export interface DemoLifeDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly centre: DemoCentre;
  readonly desk: DeskService;
  readonly sip: { readonly host: string; readonly port: number };
  readonly callsPerHour: number;
  readonly talkMeanMs?: number;
}

const LOOPBACK = "127.0.0.1";
/** Customers who call as soon as everything stands. */
const FIRST_CALLS = 4;
/** A newcomer at the desk should not wait longer for a call than this. */
const HUMAN_PATIENCE_MS = 6_000;

/** The people of the demonstration: customers who call over real SIP and agents who answer at real (soft) desk phones. */
export class DemoLife {
  readonly #deps: DemoLifeDeps;
  readonly #open = new Disposables();
  readonly #phones: SoftPhone[] = [];
  readonly #agents: SyntheticAgent[] = [];
  #customers: SyntheticCustomers | undefined;
  #media: MediaHost | undefined;
  #nudgedAt = 0;

  constructor(deps: DemoLifeDeps) {
    this.#deps = deps;
  }

  /** Signs the agents in, then lets customers call. */
  async start(): Promise<void> {
    const { clock, random, centre, callsPerHour } = this.#deps;
    const voices = new Voices();
    this.#media = await WorkerMediaHost.start({
      bindAddress: LOOPBACK,
      rtpPorts: { min: 0, max: 0 },
      webrtcPort: 0,
    });
    await Promise.all(centre.agents.map((agent) => this.#seat(agent, voices)));
    const customers = new SyntheticCustomers({
      clock,
      random,
      phone: await this.#phone("customers"),
      voices,
      numbers: centre.numbers,
      callsPerHour,
    });
    this.#customers = customers;
    this.#open.add(customers);
    customers.start(FIRST_CALLS);
    this.#open.add(every(clock, 1_000, () => void this.#lookAfterNewcomer(customers)));
  }

  /** Calls that go on at this moment. */
  get calls(): number {
    return this.#customers?.calls ?? 0;
  }

  async close(): Promise<void> {
    this.#open.dispose();
    for (const agent of this.#agents) await agent.stop();
    for (const phone of this.#phones) await phone.close();
    await this.#media?.close();
  }

  /** One agent of software sits down at the desk phone and begins to work. */
  async #seat(agent: DemoAgent, voices: Voices): Promise<void> {
    const { clock, random, centre, desk, talkMeanMs } = this.#deps;
    const synthetic = new SyntheticAgent({
      clock,
      random,
      phone: await this.#phone(agent.user, agent.password),
      phoneId: agent.phoneId,
      who: {
        agentId: agent.agentId as AgentId,
        displayName: agent.displayName,
        mayDialOut: false,
        clients: "all",
      },
      desk,
      voices,
      breakReasonId: centre.breakReasonId,
      dispositionIds: centre.dispositionIds,
      talkMeanMs: talkMeanMs ?? 30_000,
    });
    this.#agents.push(synthetic);
    await synthetic.start();
  }

  /** Whoever sits at the desk and has had nothing to do for some seconds gets a burst of customers. */
  async #lookAfterNewcomer(customers: SyntheticCustomers): Promise<void> {
    const { desk, centre, clock } = this.#deps;
    const agentId = centre.humanAgentId as AgentId;
    const { agent, device } = await desk.state({
      agentId,
      displayName: "",
      mayDialOut: false,
      clients: "all",
    });
    const now = clock.now();
    const idle = agent.state === "available" && device.registered && now - agent.since > HUMAN_PATIENCE_MS;
    if (!idle || now - this.#nudgedAt < 12_000) return;
    this.#nudgedAt = now;
    for (const { number } of centre.numbers) void customers.callOnce(number);
  }

  async #phone(user: string, password?: string): Promise<SoftPhone> {
    const { clock, random, ids, sip } = this.#deps;
    if (!this.#media) throw new Error("the demonstration has not been started");
    const phone = await SoftPhone.start({
      clock,
      random,
      ids,
      log: SILENT_LOG,
      media: this.#media,
      host: LOOPBACK,
      server: { host: LOOPBACK, port: sip.port },
      user,
      ...(password ? { password } : {}),
    });
    this.#phones.push(phone);
    return phone;
  }
}
