import type { TopicName } from "@svara/contracts";
import { useCallback, useSyncExternalStore } from "react";
import { useServices } from "../services.ts";
import type { LinkState, TopicView } from "./event-socket.ts";

/** A live topic: its data and whether it is fresh. */
export function useTopic<T extends TopicName>(topic: T): TopicView<T> {
  const { events } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = events.subscribe(topic, listener);
      return () => subscription.dispose();
    },
    [events, topic],
  );
  return useSyncExternalStore(subscribe, () => events.view(topic));
}

/** The state of the event connection. */
export function useLink(): LinkState {
  const { events } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = events.linkChanged.on(listener);
      return () => subscription.dispose();
    },
    [events],
  );
  return useSyncExternalStore(subscribe, () => events.link);
}
