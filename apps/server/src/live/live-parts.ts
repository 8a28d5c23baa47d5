import type { DialAlert } from "@svara/dialing";
import type { AgentId, EntryPointId } from "@svara/kernel";
import { JournalledRouter, Router } from "@svara/routing";
import { AgentCallings } from "./agent-callings.ts";
import { AgentPhone } from "./agent-phone.ts";
import { Announcer } from "./announcer.ts";
import { CallGate } from "./call-gate.ts";
import { Callbacks } from "./callbacks.ts";
import { CallingDesk } from "./calling-desk.ts";
import type { CentreModel } from "./centre-model.ts";
import { ContactRows } from "./contact-rows.ts";
import { ContactRunner } from "./contact-runner.ts";
import { DecisionWork } from "./decision-work.ts";
import { DirectArrivals } from "./direct-arrivals.ts";
import { colleagueGoal, type DirectWorld } from "./direct-calls.ts";
import { Diverter } from "./diverter.ts";
import { flowWorld } from "./flow-world.ts";
import { HelpCalls } from "./help-calls.ts";
import { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { LiveRuntimeDeps } from "./live-runtime.ts";
import { Monitoring } from "./monitoring.ts";
import { NewCalls } from "./new-calls.ts";
import { Parking } from "./parking.ts";
import { PhoneTransfers } from "./phone-transfers.ts";
import { PickUps } from "./pick-ups.ts";
import { RecordingKeeper } from "./recording-keeper.ts";
import { RouterLink } from "./router-link.ts";
import { RouterWork } from "./router-work.ts";
import { Sounds } from "./sounds.ts";
import { SwitchEvents } from "./switch-events.ts";
import { SwitchWork } from "./switch-work.ts";
import type { WorkLoop } from "./work-loop.ts";

/** The one router of the centre. */
export const ROUTER_ID = "main";

/** What the units of the live centre are made of. */
export interface LiveWiring extends LiveRuntimeDeps {
  readonly loop: WorkLoop;
  readonly contacts: LiveContacts;
  /** The configuration as it is now. */
  readonly currentModel: () => CentreModel;
  readonly isDraining: () => boolean;
  readonly changed: (contact: LiveContact) => void;
  /** Calls out are unusual. */
  readonly dialAlerted: (alert: DialAlert) => void;
  /** A call for help is over that was no contact. */
  readonly helpOver: () => void;
  /** Something that the agent's own desk shows has changed. */
  readonly agentFree: (agentId: AgentId) => void;
}

/** The units of the live centre, wired to each other. */
export type LiveParts = ReturnType<typeof wireLive>;

/** Makes the units of the live centre and wires them; nothing runs yet. */
export function wireLive(wiring: LiveWiring) {
  const { ids, append, store, warn, switch: sw, loop, contacts, isDraining, changed, agentFree } = wiring;
  const { currentModel: model, dialAlerted } = wiring;
  const deps: LiveRuntimeDeps = wiring;
  const clock = loop;
  const sounds = new Sounds((id) => model().prompts.get(id));
  const gate = new CallGate(
    {
      clock,
      model,
      append,
      legsByTrunk: () => sw.figures().legsByTrunk,
      isTheirs: (legId, agentId) => {
        const contact = contacts.byLeg(legId);
        const handler = contact?.handlerOf(agentId);
        if (!contact || handler) return handler?.state !== "wrap_up";
        return contact.via.some((hop) => hop.agentId === agentId); // their diversion keeps it going
      },
      alerted: (alert) => dialAlerted(alert),
    },
    [(call) => (isDraining() && call.begins ? "draining" : undefined), ...(deps.callRules ?? [])],
  );
  const agents = new LiveAgents({
    clock,
    ids,
    model,
    link: () => link,
    append,
    isRegistered: (endpointId) => sw.isRegistered(endpointId),
  });
  const parking = new Parking(clock);
  const callings = new AgentCallings({ store, warn });
  const recordings = new RecordingKeeper({
    clock,
    folder: deps.recordingsFolder,
    store,
    append,
    warn,
    ...(deps.compose ? { compose: deps.compose } : {}),
  });
  const rows = new ContactRows({ store, warn });
  const switchWork = new SwitchWork({
    clock,
    loop,
    switch: sw,
    contacts,
    agents,
    gate,
    recordings,
    rows,
    sounds,
    diverter: () => diverter,
    model,
    append,
    warn,
  });
  const routerWork: RouterWork = new RouterWork({
    clock,
    contacts,
    link: () => link,
    changed,
    agentFree,
    model,
    append,
    callbacks: () => callbacks,
    monitorEnded: (supervisorId) => monitoring.ended(supervisorId),
    homeless: (contact, contactId) => decisions.rehome(contact, contactId),
  });
  const runner = new ContactRunner({
    clock,
    loop,
    contacts,
    switchWork,
    routerWork,
    rows,
    sounds,
    append,
    changed,
    agentFree,
    parking,
    transferSettled: (effect) => transfers.settled(effect),
    runFlow: (contact, entryPointId) => runFlow(model(), contact, entryPointId),
    notReached: (contact, cause) => arrivals.notReached(contact, cause),
    callbackAccepted: (contact) => decisions.callbackAccepted(contact),
    warn,
  });
  const decisions: DecisionWork = new DecisionWork({
    loop,
    contacts,
    agents,
    link: () => link,
    routerWork: () => routerWork,
    callbacks: () => callbacks,
    append,
    model,
    changed,
    agentChanged: agentFree,
  });
  const router = new Router({ routerId: ROUTER_ID, epoch: deps.epoch });
  const link: RouterLink = new RouterLink({
    clock,
    isMonitoring: (agentId) => monitoring.isMonitoring(agentId),
    router,
    journalled: new JournalledRouter(router, deps.journal),
    append,
    contacts,
    sink: decisions,
    warn,
  });
  // by the agent's own rights and limits
  const mayCall = (number: string, agentId: AgentId): boolean => {
    const clientId = calls.clientDialledFor(agentId);
    return clientId !== undefined && calls.mayPlace({ number, clientId, agentId, asked: true }).allowed;
  };
  const direct: DirectWorld = {
    calling: (agentId) => callings.of(agentId),
    reach: (agentId) => (model().agents.has(agentId) ? agents.reach(agentId) : "unreachable"),
    mayDivertOutside: (agentId, number) =>
      model().agents.get(agentId)?.rights.has("desk.divert_outside") === true && mayCall(number, agentId),
    meaning: (number) => calls.destination(number),
  };
  const diverter = new Diverter({
    clock,
    model,
    world: direct,
    mayPlace: (number, clientId) => calls.mayPlace({ number, clientId }).allowed,
  });
  const arrivals = new DirectArrivals({ model, world: direct, diverter, run: (work) => loop.run(work) });
  const monitoring = new Monitoring({
    contacts,
    agents,
    model,
    audit: (note) => deps.audit?.(note),
  });
  const pickUps = new PickUps({
    ids,
    contacts,
    agents,
    parking,
    link: () => link,
    model,
    append,
    now: () => loop.now(),
  });
  const callingDesk = new CallingDesk({
    callings,
    agents,
    world: direct,
    model,
    mayPlace: mayCall,
  });
  const send = (command: () => Promise<void>): void => switchWork.send(command);
  const help = new HelpCalls({ switch: sw, ids, gate, send, warn, over: wiring.helpOver });
  const announcer = new Announcer({ switch: sw, ids, send });
  const phone: AgentPhone = new AgentPhone({
    announcer,
    contacts,
    parking,
    pickUps,
    monitoring,
    callingDesk,
    model,
    colleagueAt: (number) => calls.colleagueAt(number),
    warn,
  });
  const calls: NewCalls = new NewCalls({
    loop,
    ids,
    switch: sw,
    switchWork,
    contacts,
    agents,
    gate,
    rows,
    port: runner,
    model,
    append,
    registered: (contact) => routerWork.factsKnown(contact),
    worldOf: (contactId) => flowWorld({ model, router: link.router, contactId }),
    direct,
    phone: () => phone,
    help,
    warn,
    ...(deps.reattachGraceMs === undefined ? {} : { reattachGraceMs: deps.reattachGraceMs }),
  });
  const transfers = new PhoneTransfers({
    switch: sw,
    switchWork,
    contacts,
    agents,
    parking,
    model,
    destination: (number, by) => {
      const meant = calls.destination(number);
      return meant.kind === "agent" && meant.agentId !== by ? colleagueGoal(direct, meant.agentId) : meant;
    },
    mayPlace: (number, agentId, clientId) =>
      calls.mayPlace({ number, agentId, clientId, asked: true }).allowed,
  });
  const events = new SwitchEvents({
    loop,
    gate,
    help,
    contacts,
    agents,
    calls,
    transfers,
    announcer,
    diverter,
    arrivals,
    monitoring,
    recordings,
    isService: (number) => deps.serviceNumbers?.has(number) === true,
    model,
    changed,
    warn,
  });
  const callbacks: Callbacks = new Callbacks({
    clock,
    contacts,
    link: () => link,
    model,
    store,
    append,
    begin: (callback, attempt) => calls.callBack(callback, attempt),
    mayPlace: (number, clientId) => calls.mayPlace({ number, begins: true, clientId }),
    warn,
  });
  return {
    agents,
    callbacks,
    callingDesk,
    callings,
    calls,
    direct,
    events,
    gate,
    help,
    link,
    monitoring,
    parking,
    pickUps,
    recordings,
    rows,
    switchWork,
  };
}

/** An agent sent the customer to an entry point of the same client. */
function runFlow(model: CentreModel, contact: LiveContact, entryPointId: EntryPointId): void {
  const entryPoint = model.entryPoints.get(entryPointId);
  if (entryPoint) contact.runEntryPoint(entryPoint);
  else contact.input({ type: "flow.ended", outcome: "failed_tech" }); // taken out of use at the same moment
}
