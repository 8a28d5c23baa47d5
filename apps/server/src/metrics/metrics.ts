import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Disposable, Disposables } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Ledger } from "../database/index.ts";
import type { FloorView, LiveService } from "../live/live-service.ts";

interface Parts {
  readonly ledger: Ledger;
  readonly live: LiveService;
  readonly version: string;
}

const WHOLE_FLOOR: FloorView = { key: "all", queue: () => true, agent: () => true };

/** What Prometheus reads. Counters come from the ledger's events, gauges are looked up at each reading. */
export class Metrics implements Disposable {
  readonly registry = new Registry();
  readonly #open = new Disposables();
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });

  constructor(parts: Parts) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#delay.enable();
    this.#open.add({ dispose: () => this.#delay.disable() });

    new Gauge({
      name: "svara_info",
      help: "Version and epoch",
      labelNames: ["version", "epoch"],
      registers,
    }).set({ version: parts.version, epoch: String(parts.ledger.epoch) }, 1);
    const contacts = new Counter({
      name: "svara_contacts_total",
      help: "Contacts by outcome; answered is counted at the answer, the others at the end",
      labelNames: ["medium", "outcome"] as const,
      registers,
    });
    this.#open.add(countContacts(parts.ledger, (medium, outcome) => contacts.inc({ medium, outcome })));
    this.#floorGauges(parts.live, registers);
    this.#runtimeGauges(parts, registers);
  }

  dispose(): void {
    this.#open.dispose();
    this.registry.clear();
  }

  #floorGauges(live: LiveService, registers: Registry[]): void {
    new Gauge({
      name: "svara_queue_waiting",
      help: "Contacts that wait in a queue",
      labelNames: ["queue"] as const,
      registers,
      collect() {
        this.reset();
        for (const queue of live.floor.state(WHOLE_FLOOR).queues)
          this.set({ queue: queue.name }, queue.waiting);
      },
    });
    new Gauge({
      name: "svara_queue_longest_wait_seconds",
      help: "How long the oldest contact of a queue has waited",
      labelNames: ["queue"] as const,
      registers,
      collect() {
        this.reset();
        for (const queue of live.floor.state(WHOLE_FLOOR).queues)
          this.set({ queue: queue.name }, queue.longestWaitMs / 1000);
      },
    });
    new Gauge({
      name: "svara_agents",
      help: "Agents by state",
      labelNames: ["state"] as const,
      registers,
      collect() {
        this.reset();
        for (const agent of live.floor.state(WHOLE_FLOOR).agents) this.inc({ state: agent.state });
      },
    });
  }

  #runtimeGauges({ ledger, live }: Parts, registers: Registry[]): void {
    const delay = this.#delay;
    new Gauge({
      name: "svara_contacts_active",
      help: "Contacts that are going on",
      registers,
      collect() {
        this.set(live.activeContacts);
      },
    });
    new Gauge({
      name: "svara_legs",
      help: "Telephony legs that exist",
      registers,
      collect() {
        this.set(live.meters().legs);
      },
    });
    new Gauge({
      name: "svara_sip_dialogs",
      help: "SIP dialogs, and calls that are being set up",
      registers,
      collect() {
        this.set(live.meters().dialogs);
      },
    });
    new Gauge({
      name: "svara_sip_transactions",
      help: "SIP transactions that are remembered",
      registers,
      collect() {
        this.set(live.meters().transactions);
      },
    });
    new Gauge({
      name: "svara_trunk_up",
      help: "Whether a trunk answers, or is registered, by its id",
      labelNames: ["trunk"] as const,
      registers,
      collect() {
        this.reset();
        for (const { id, up } of live.telephony.trunksSeen()) this.set({ trunk: id }, up ? 1 : 0);
      },
    });
    new Gauge({
      name: "svara_media_lateness_seconds",
      help: "How late the media clock ran, by the worst of the last period",
      registers,
      collect() {
        this.set(live.meters().mediaLatenessMs / 1000);
      },
    });
    new Gauge({
      name: "svara_event_loop_delay_seconds",
      help: "Delay of the event loop since the last reading",
      labelNames: ["quantile"] as const,
      registers,
      collect() {
        this.set({ quantile: "0.5" }, delay.percentile(50) / 1e9);
        this.set({ quantile: "0.99" }, delay.percentile(99) / 1e9);
        this.set({ quantile: "1" }, delay.max / 1e9);
        delay.reset();
      },
    });
    new Gauge({
      name: "svara_ledger_pending",
      help: "Events that are not yet durable",
      registers,
      collect() {
        this.set(ledger.pending);
      },
    });
  }
}

/** Counts each contact once: when it is answered, else when it is closed. Internal ones are not counted. */
export function countContacts(
  ledger: Pick<Ledger, "appended">,
  count: (medium: string, outcome: string) => void,
): Disposable {
  const open = new Map<string, { readonly medium: string; answered: boolean }>();
  return ledger.appended.on((draft: LedgerDraft) => {
    if (draft.contactId === undefined) return;
    if (draft.type === "contact.created" && draft.payload.direction !== "internal") {
      open.set(draft.contactId, { medium: draft.payload.medium, answered: false });
      return;
    }
    const contact = open.get(draft.contactId);
    if (!contact) return;
    if (
      draft.type === "segment.started" &&
      draft.payload.party === "customer" &&
      draft.payload.kind === "talk"
    ) {
      if (!contact.answered) count(contact.medium, "answered");
      contact.answered = true;
    } else if (draft.type === "contact.closed") {
      if (!contact.answered) count(contact.medium, draft.payload.outcome);
      open.delete(draft.contactId);
    }
  });
}
