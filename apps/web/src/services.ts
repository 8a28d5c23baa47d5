import type { ApiClient, Session } from "@svara/contracts";
import type { Clock, Ids } from "@svara/kernel";
import { createContext, useContext } from "react";
import type { Beat } from "./kit/use-now.ts";
import type { EventSocket } from "./live/event-socket.ts";
import type { ServerClock } from "./live/server-clock.ts";

/** What the screens are given; made once in `main.tsx`. */
export interface Services {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly serverClock: ServerClock;
  readonly beat: Beat;
  readonly events: EventSocket;
  /** Holds the session's anti-forgery token between calls. */
  readonly csrf: { current: string | undefined };
}

const ServicesContext = createContext<Services | undefined>(undefined);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("useServices outside ServicesProvider");
  return services;
}

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** Who is signed in. Only below the sign-in gate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside SessionProvider");
  return session;
}
