import type { CommandInput } from "@svara/conversation";
import { type AgentId, SvaraError } from "@svara/kernel";
import type { DeskTargets } from "./desk-targets.ts";
import { partyOf } from "./desk-view.ts";
import type { DeskWishes } from "./desk-wishes.ts";
import type { Device } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { DeskAction, DeskAgent, DeviceChoice } from "./live-service.ts";
import { notNow } from "./refused.ts";

/** What agents do at the desk to a contact in their hands. To be called in turn with all live work. */
export class DeskActions {
  readonly #runtime: LiveRuntime;
  readonly #targets: DeskTargets;
  readonly #wishes: DeskWishes;

  constructor(deps: {
    readonly runtime: LiveRuntime;
    readonly targets: DeskTargets;
    readonly wishes: DeskWishes;
  }) {
    this.#runtime = deps.runtime;
    this.#targets = deps.targets;
    this.#wishes = deps.wishes;
  }

  act(agent: DeskAgent, contact: LiveContact, action: DeskAction): void {
    const runtime = this.#runtime;
    const { agentId } = agent;
    switch (action.kind) {
      case "accept":
        throw new SvaraError("take the call on the device that rings", {
          code: "not_possible",
          httpStatus: 409,
        });
      case "refuse": {
        const legId = contact.parts.get(agentId)?.legId;
        const ringing = contact.view().agents.some((a) => a.agentId === agentId && a.state === "ringing");
        if (!legId || !ringing) throw notNow("wrong_state");
        return runtime.refuseLeg(contact, legId);
      }
      case "mute":
        return runtime.mute(contact, agentId, action.muted);
      case "reattach": {
        return this.command(contact, { type: "agent.returned", agentId });
      }
      case "finish_wrap_up":
        if (this.#lacksDisposition(contact)) {
          throw new SvaraError("choose a disposition first: this queue asks for one", {
            code: "disposition_required",
            httpStatus: 409,
            field: "dispositionId",
          });
        }
        if (contact.handlerOf(agentId)?.state !== "wrap_up") throw notNow("wrong_state");
        return this.#wishes.finishWrapUp(contact, agentId);
      case "request_wrap_up":
        return this.#wishes.requestWrapUp(contact, agentId, action.wanted);
      case "extend_wrap_up":
        return this.#wishes.extendWrapUp(contact, agentId, action.byMs);
      case "escalate":
        return this.command(contact, this.#wishes.escalation(contact, agentId, action));
      case "transfer": {
        const to = this.#targets.ofTransfer(agent, contact, action.target);
        return this.command(contact, { type: "transfer", agentId, to });
      }
      case "consult": {
        const to = this.#targets.ofConsult(agent, contact, action.target);
        contact.consultLabel = this.#targets.labelOf(action.target);
        return this.command(contact, { type: "consult", agentId, to });
      }
      case "conference_add": {
        const to = this.#targets.ofParty(agent, contact, action.target);
        return this.command(contact, { type: "conference.add", agentId, to });
      }
      case "conference_drop": {
        const party = partyOf(contact, action.participantId);
        return this.command(contact, { type: "conference.drop", agentId, party });
      }
      case "conference_merge":
        return this.command(contact, { type: "conference.merge", agentId });
      case "conference_leave":
        return this.command(contact, { type: "conference.leave", agentId });
      case "move":
        return this.#move(agent, contact, action.device);
      case "hold":
      case "resume":
      case "hang_up":
        return this.command(contact, { type: action.kind, agentId });
      case "dtmf":
        return this.command(contact, { type: "send_dtmf", agentId, digits: action.digits });
      case "consult_complete":
        return this.command(contact, { type: "consult.complete", agentId });
      case "consult_cancel":
        return this.command(contact, { type: "consult.cancel", agentId });
      case "consult_swap":
        return this.command(contact, { type: "consult.swap", agentId });
      case "pause_recording":
        return this.command(contact, { type: "recording.pause", agentId, reason: "sensitive" });
      case "resume_recording":
        return this.command(contact, { type: "recording.resume", agentId });
    }
  }

  /** The call goes to another device of the agent's, and so do the calls after it. */
  #move(agent: DeskAgent, contact: LiveContact, choice: DeviceChoice): void {
    const runtime = this.#runtime;
    const { agentId } = agent;
    const device = this.deviceOf(agent, choice);
    const endpointId =
      device.kind === "phone" ? device.endpointId : runtime.agents.profile(agentId).browserEndpointId;
    if (contact.parts.get(agentId)?.endpointId === endpointId)
      throw new SvaraError("the call is on this device already", { code: "same_device", httpStatus: 409 });
    if (!runtime.isRegistered(endpointId))
      throw new SvaraError("this device is not connected", { code: "device_unreachable", httpStatus: 409 });
    this.command(contact, { type: "move_device", agentId, endpointId });
    runtime.setDevice(agentId, device);
  }

  /** @throws SvaraError 404 for a phone that is not theirs to use */
  deviceOf(agent: DeskAgent, choice: DeviceChoice): Device {
    if (choice.kind === "browser") return choice;
    const phone = [...this.#runtime.model.phones.values()].find((p) => p.id === choice.phoneId);
    if (phone && (phone.agentId === null || phone.agentId === agent.agentId))
      return { kind: "phone", phoneId: phone.id, endpointId: phone.endpointId };
    throw new SvaraError("this phone is not yours to use", {
      code: "unknown_phone",
      httpStatus: 404,
      field: "phoneId",
    });
  }

  /** Tells the conversation. @throws SvaraError 409 with its word when it does not fit */
  command(contact: LiveContact, command: CommandInput | { type: "agent.returned"; agentId: AgentId }): void {
    const refusal = contact.input(command);
    if (refusal) throw notNow(refusal);
  }

  #lacksDisposition(contact: LiveContact): boolean {
    const queue = contact.queueId && this.#runtime.model.queues.get(contact.queueId);
    return queue ? queue.dispositionRequired && contact.dispositionId === undefined : false;
  }
}
