import type { DeskContact, DeskState } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import type { EventSocket, TopicView } from "../live/event-socket.ts";
import { useTopic } from "../live/use-topic.ts";
import { useServices, useSession } from "../services.ts";
import type { PhoneCall, Softphone, SoftphoneSnapshot } from "../softphone/softphone.ts";
import type { WebAudioRinger } from "../softphone/web-audio-ringer.ts";
import { hadPhone, rememberPhone } from "./tab-id.ts";

export interface Desk {
  readonly view: TopicView<"desk">;
  readonly phone: SoftphoneSnapshot;
  /** Undefined until its code is loaded. */
  readonly softphone: Softphone | undefined;
  /** The browser keeps sound off until the page was touched once. */
  readonly soundBlocked: boolean;
  /**
   * Resolves once the device can ring, also for somebody who is not at work; false when it cannot in time. `browser`: this
   * one, whatever is chosen.
   */
  makeReachable(device?: "browser"): Promise<boolean>;
  /** What `makeReachable` opened is needed no more. */
  letGo(): void;
  /** The browser's leg of a contact, when it has one. */
  callOf(contact: DeskContact): PhoneCall | undefined;
}

const DeskContext = createContext<Desk | undefined>(undefined);

/** The agent's desk, alive in every room: leaving the page for a moment must not drop a call. */
export function DeskProvider({ children }: { readonly children: ReactNode }) {
  const { clock, ids, client, events } = useServices();
  const { user } = useSession();
  const view = useTopic("desk");
  const [parts, setParts] = useState<{ softphone: Softphone; ringer: WebAudioRinger }>();

  useEffect(() => {
    let gone = false;
    let made: Softphone | undefined;
    void import("./create-softphone.ts").then(({ createSoftphone }) => {
      if (gone) return;
      const created = createSoftphone({ clock, ids, client, events, userId: user.id });
      made = created.softphone;
      setParts(created);
    });
    return () => {
      gone = true;
      made?.dispose();
      setParts(undefined);
    };
  }, [clock, ids, client, events, user.id]);

  const softphone = parts?.softphone;
  const [asked, setAsked] = useState(false);
  const letGo = useCallback(() => setAsked(false), []);
  // a reload claims its phone while the state of the desk is still on its way
  const wanted = wantsBrowserPhone(view.data, asked) ?? (hadPhone() || undefined);
  useEffect(() => {
    if (!softphone || wanted === undefined) return;
    if (wanted) softphone.start();
    else softphone.stop();
    rememberPhone(wanted);
  }, [softphone, wanted]);

  const phone = useSnapshot(softphone);
  useNetworkWatch(softphone, events);
  // from here on the chosen device keeps it open, until another is chosen
  const chosen = view.data?.device.kind === "browser" && wantsBrowserPhone(view.data, false) === true;
  useEffect(() => {
    if (chosen) setAsked(false);
  }, [chosen]);
  useLeaveWarning(phone.calls.some((call) => call.phase !== "ringing"));
  const soundBlocked = useSoundBlocked(parts?.ringer);
  const desk = useMemo<Desk>(
    () => ({
      view,
      phone,
      softphone,
      soundBlocked,
      makeReachable: async (device) => {
        if (device === undefined && view.data?.device.kind === "phone") return view.data.device.registered;
        setAsked(true);
        return softphone !== undefined && (await isReady(softphone, clock));
      },
      letGo,
      callOf: (contact) =>
        phone.calls.find((call) => call.contactId === contact.contactId) ??
        phone.calls.find((call) => call.offerId !== undefined && call.offerId === contact.offer?.legCallId),
    }),
    [view, phone, softphone, soundBlocked, clock, letGo],
  );
  return <DeskContext.Provider value={desk}>{children}</DeskContext.Provider>;
}

/** The desk, or undefined for people without one. */
export function useDesk(): Desk | undefined {
  return useContext(DeskContext);
}

/** Undefined while not known. Logged out with nothing in hand and nothing asked for, the microphone is left alone. */
function wantsBrowserPhone(state: DeskState | undefined, asked: boolean): boolean | undefined {
  if (asked) return true;
  if (!state) return undefined;
  if (state.device.kind !== "browser") return false;
  return state.agent.state !== "logged_out" || state.contacts.length > 0;
}

/** Longer than a registration takes, with a question for the microphone in between. */
const REACHABLE_LIMIT_MS = 15_000;

function isReady(softphone: Softphone, clock: Clock): Promise<boolean> {
  const ready = (): boolean => softphone.snapshot.state.kind === "ready";
  if (ready()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      watch.dispose();
      limit.dispose();
      resolve(answer);
    };
    const watch = softphone.changed.on(() => ready() && settle(true));
    const limit = clock.after(REACHABLE_LIMIT_MS, () => settle(false));
  });
}

/**
 * Another network, or the same one again: the phone registers at once instead of finding out. A laptop that slept tells of no
 * change; but its events were lost then, and a line that noticed nothing of that is as dead.
 */
function useNetworkWatch(softphone: Softphone | undefined, events: EventSocket): void {
  useEffect(() => {
    if (!softphone) return;
    const isReady = (): boolean => softphone.snapshot.state.kind === "ready";
    let suspect = false;
    const changed = (): void => softphone.networkChanged();
    const phone = softphone.changed.on(() => {
      suspect &&= isReady();
    });
    const link = events.linkChanged.on((state) => {
      if (state === "waiting") suspect = isReady();
      if (state !== "live" || !suspect) return;
      suspect = false;
      changed();
    });
    addEventListener("online", changed);
    return () => {
      phone.dispose();
      link.dispose();
      removeEventListener("online", changed);
    };
  }, [softphone, events]);
}

/** Closing the page under a live call is asked about: the customer would hear music until somebody is back. */
function useLeaveWarning(live: boolean): void {
  useEffect(() => {
    if (!live) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [live]);
}

const OFF: SoftphoneSnapshot = { state: { kind: "off" }, calls: [] };

function useSnapshot(softphone: Softphone | undefined): SoftphoneSnapshot {
  return useSyncExternalStore(
    useMemo(
      () => (listener: () => void) => {
        const subscription = softphone?.changed.on(listener);
        return () => subscription?.dispose();
      },
      [softphone],
    ),
    () => softphone?.snapshot ?? OFF,
  );
}

function useSoundBlocked(ringer: WebAudioRinger | undefined): boolean {
  return useSyncExternalStore(
    useMemo(
      () => (listener: () => void) => {
        const subscription = ringer?.blockedChanged.on(listener);
        return () => subscription?.dispose();
      },
      [ringer],
    ),
    () => ringer?.blocked ?? false,
  );
}
