import {
  type ApiClient,
  api,
  type Calling,
  type CallOf,
  type DeskContact,
  type PresenceChoice,
  type TransferTargetChoice,
} from "@svara/contracts";
import type { Ids } from "@svara/kernel";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyProblem } from "../../api/notify.tsx";
import { problemText } from "../../api/problem-text.ts";
import { type Desk, useDesk } from "../../desk/desk-provider.tsx";
import { useServices } from "../../services.ts";

export type CallTarget =
  | {
      readonly number: string;
      /** Whose number is shown; absent: the one the server would show. */
      readonly fromNumberId?: string;
      readonly clientId?: string;
    }
  | { readonly agentId: string }
  | { readonly queueId: string };

/** Everything an agent can ask of the desk. The server owns the call; the browser only carries its audio. */
export interface DeskCommands {
  /** Whether a command of this name is on its way. */
  busy(name: CommandName): boolean;
  logIn(): void;
  logOut(): void;
  setPresence(presence: PresenceChoice): void;
  setDevice(kind: "browser" | "phone", phoneId?: string): void;
  accept(contact: DeskContact): void;
  refuse(contact: DeskContact): void;
  hangUp(contact: DeskContact): void;
  hold(contact: DeskContact): void;
  resume(contact: DeskContact): void;
  setMuted(contact: DeskContact, muted: boolean): void;
  sendTone(contact: DeskContact, tone: string): void;
  /** Answers with the reason why not, for the dialog to show; undefined once it is done. */
  transfer(contact: DeskContact, target: TransferTargetChoice): Promise<string | undefined>;
  /** As `transfer`. */
  consult(contact: DeskContact, target: TransferTargetChoice): Promise<string | undefined>;
  consultComplete(contact: DeskContact): void;
  consultCancel(contact: DeskContact): void;
  consultSwap(contact: DeskContact): void;
  /** Customer, consulted and oneself talk together. */
  merge(contact: DeskContact): void;
  /** As `transfer`: calls somebody into the call. */
  addToConference(contact: DeskContact, target: ConferenceTarget): Promise<string | undefined>;
  dropFromConference(contact: DeskContact, participantId: string): void;
  leaveConference(contact: DeskContact): void;
  /** Answers with the slot; undefined when it could not be parked, which is told. */
  park(contact: DeskContact): Promise<number | undefined>;
  fetchParked(slot: number): void;
  pickUp(contactId: string): void;
  /** Takes the running call to another device of one's own. */
  move(contact: DeskContact, kind: "browser" | "phone", phoneId?: string): void;
  /** As `transfer`: what is not given stays. */
  setCalling(calling: Partial<Calling>): Promise<string | undefined>;
  reattach(contact: DeskContact): void;
  pauseRecording(contact: DeskContact): void;
  resumeRecording(contact: DeskContact): void;
  finishWrapUp(contact: DeskContact): void;
  /** Asks for wrap-up after the call, or takes that back. */
  requestWrapUp(contact: DeskContact, wanted: boolean): void;
  extendWrapUp(contact: DeskContact, byMs: number): void;
  /** As `transfer`. */
  escalate(contact: DeskContact, how: Escalation): Promise<string | undefined>;
  saveWork(contact: DeskContact, work: { notes?: string; dispositionId?: string | null }): Promise<boolean>;
  dial(target: CallTarget): Promise<boolean>;
}

export type ConferenceTarget = Exclude<TransferTargetChoice, { kind: "queue" | "entry_point" }>;

export type Escalation = NonNullable<CallOf<typeof api.desk.escalate>["body"]>;

export type CommandName = Exclude<keyof DeskCommands, "busy">;

/** Answers with what went wrong, in the reader's language. */
type Attempt = (name: CommandName, work: () => Promise<unknown>) => Promise<string | undefined>;

export function useDeskCommands(): DeskCommands {
  const { client, ids } = useServices();
  const { i18n } = useTranslation();
  const desk = useDesk();
  const [pending, setPending] = useState<readonly CommandName[]>([]);
  const commands = useMemo(() => {
    const attempt: Attempt = async (name, work) => {
      setPending((names) => [...names, name]);
      try {
        await work();
        return undefined;
      } catch (error) {
        return problemText(error, i18n);
      } finally {
        setPending((names) => removeOne(names, name));
      }
    };
    return buildCommands(client, ids, desk, attempt);
  }, [client, ids, desk, i18n]);
  return { ...commands, busy: (name) => pending.includes(name) };
}

function removeOne(names: readonly CommandName[], name: CommandName): readonly CommandName[] {
  const at = names.indexOf(name);
  return names.filter((_, index) => index !== at);
}

function buildCommands(
  client: ApiClient,
  ids: Ids,
  desk: Desk | undefined,
  attempt: Attempt,
): Omit<DeskCommands, "busy"> {
  const { desk: routes } = api;
  const run = async (name: CommandName, work: () => Promise<unknown>): Promise<boolean> => {
    const problem = await attempt(name, work);
    if (problem !== undefined) notifyProblem(problem);
    return problem === undefined;
  };
  const of = (contact: DeskContact) => ({ params: { id: contact.contactId } });
  return {
    logIn: () =>
      void run("logIn", () => client.call(routes.logIn, { body: { presence: { kind: "available" } } })),
    logOut: () => void run("logOut", () => client.call(routes.logOut, { body: {} })),
    setPresence: (presence) =>
      void run("setPresence", () => client.call(routes.setPresence, { body: presence })),
    setDevice: (kind, phoneId) =>
      void run("setDevice", () =>
        client.call(routes.setDevice, { body: phoneId === undefined ? { kind } : { kind, phoneId } }),
      ),
    // for voice the offer is the INVITE: answering it in this browser is the acceptance, its 486 the refusal
    accept: (contact) => {
      const call = desk?.callOf(contact);
      if (call) desk?.softphone?.answer(call.id);
      else void run("accept", () => client.call(routes.accept, of(contact)));
    },
    refuse: (contact) => {
      const call = desk?.callOf(contact);
      if (call) desk?.softphone?.refuse(call.id);
      else void run("refuse", () => client.call(routes.refuse, of(contact)));
    },
    hangUp: (contact) => void run("hangUp", () => client.call(routes.hangUp, of(contact))),
    hold: (contact) => void run("hold", () => client.call(routes.hold, of(contact))),
    resume: (contact) => void run("resume", () => client.call(routes.resume, of(contact))),
    setMuted: (contact, muted) => {
      const call = desk?.callOf(contact);
      if (call) desk?.softphone?.setMuted(call.id, muted);
      void run("setMuted", () => client.call(routes.mute, { ...of(contact), body: { muted } }));
    },
    sendTone: (contact, tone) => {
      const call = desk?.callOf(contact);
      if (call) desk?.softphone?.sendDtmf(call.id, tone);
      else void run("sendTone", () => client.call(routes.dtmf, { ...of(contact), body: { digits: tone } }));
    },
    transfer: (contact, target) =>
      attempt("transfer", () => client.call(routes.transfer, { ...of(contact), body: { target } })),
    consult: (contact, target) =>
      attempt("consult", () => client.call(routes.consult, { ...of(contact), body: { target } })),
    consultComplete: (contact) =>
      void run("consultComplete", () => client.call(routes.consultComplete, of(contact))),
    consultCancel: (contact) =>
      void run("consultCancel", () => client.call(routes.consultCancel, of(contact))),
    consultSwap: (contact) => void run("consultSwap", () => client.call(routes.consultSwap, of(contact))),
    merge: (contact) => void run("merge", () => client.call(routes.conferenceMerge, of(contact))),
    addToConference: (contact, target) =>
      attempt("addToConference", () =>
        client.call(routes.conferenceAdd, { ...of(contact), body: { target } }),
      ),
    dropFromConference: (contact, participantId) =>
      void run("dropFromConference", () =>
        client.call(routes.conferenceDrop, { ...of(contact), body: { participantId } }),
      ),
    leaveConference: (contact) =>
      void run("leaveConference", () => client.call(routes.conferenceLeave, of(contact))),
    park: async (contact) => {
      let slot: number | undefined;
      await run("park", async () => {
        slot = (await client.call(routes.park, { ...of(contact), body: {} })).slot;
      });
      return slot;
    },
    fetchParked: (slot) =>
      void run("fetchParked", () => client.call(routes.fetchParked, { params: { slot }, body: {} })),
    pickUp: (contactId) =>
      void run("pickUp", () => client.call(routes.pickUp, { params: { id: contactId }, body: {} })),
    move: (contact, kind, phoneId) =>
      void run("move", async () => {
        // it has been off while the desk phone was chosen; the server says what is wrong when it cannot be reached
        if (kind === "browser") await desk?.makeReachable("browser");
        await client.call(routes.move, {
          ...of(contact),
          body: phoneId === undefined ? { kind } : { kind, phoneId },
        });
      }),
    setCalling: (calling) => attempt("setCalling", () => client.call(routes.setCalling, { body: calling })),
    reattach: (contact) => void run("reattach", () => client.call(routes.reattach, of(contact))),
    pauseRecording: (contact) =>
      void run("pauseRecording", () => client.call(routes.pauseRecording, of(contact))),
    resumeRecording: (contact) =>
      void run("resumeRecording", () => client.call(routes.resumeRecording, of(contact))),
    finishWrapUp: (contact) => void run("finishWrapUp", () => client.call(routes.finishWrapUp, of(contact))),
    requestWrapUp: (contact, wanted) =>
      void run("requestWrapUp", () =>
        client.call(routes.requestWrapUp, { ...of(contact), body: { wanted } }),
      ),
    extendWrapUp: (contact, byMs) =>
      void run("extendWrapUp", () => client.call(routes.extendWrapUp, { ...of(contact), body: { byMs } })),
    escalate: (contact, how) =>
      attempt("escalate", () => client.call(routes.escalate, { ...of(contact), body: how })),
    saveWork: (contact, work) =>
      run("saveWork", () => client.call(routes.setWork, { ...of(contact), body: work })),
    dial: (target) =>
      run("dial", () => client.call(routes.call, { body: target, idempotencyKey: ids.next() })),
  };
}
