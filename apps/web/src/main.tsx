import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme.css";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { api, createApiClient } from "@svara/contracts";
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { notifyProblem } from "./api/notify.tsx";
import { problemText } from "./api/problem-text.ts";
import { App } from "./app.tsx";
import { hadPhone } from "./desk/tab-id.ts";
import { startI18n } from "./i18n/i18n.ts";
import { createBeat } from "./kit/use-now.ts";
import { openBrowserSocket, socketUrl } from "./live/browser-socket.ts";
import { EventSocket } from "./live/event-socket.ts";
import { ServerClock } from "./live/server-clock.ts";
import { type Services, ServicesProvider } from "./services.ts";
import { cssVariables, theme } from "./theme.ts";

/** The only place that wires: everything below is handed what it uses. */
async function start(): Promise<void> {
  // its code is there before the session is known
  if (hadPhone()) void import("./desk/create-softphone.ts");
  const i18n = await startI18n();
  const clock = new SystemClock();
  const random = new SecureRandom();
  const ids = new UuidV7(clock, random);
  const csrf: Services["csrf"] = { current: undefined };
  const client = createApiClient({ csrf: () => csrf.current });
  const serverClock = new ServerClock(clock);
  const events = new EventSocket({
    clock,
    random,
    ids,
    open: (listener) => openBrowserSocket(socketUrl("/api/events"), listener),
  });
  const synchronise = (): void => {
    serverClock
      .synchronise(async () => (await client.call(api.system.health, {})).now)
      .catch(() => undefined); // without it timers count by this machine's clock
  };
  events.opened.on(synchronise);
  addEventListener("online", () => events.nudge());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) events.nudge();
  });
  const services: Services = {
    client,
    clock,
    ids,
    serverClock,
    beat: createBeat(clock, () => serverClock.now()),
    events,
    csrf,
  };
  const queryClient = new QueryClient({
    defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: true } },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (mutation.meta?.handlesErrors !== true) notifyProblem(problemText(error, i18n));
      },
    }),
  });
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <ServicesProvider value={services}>
            <ModalsProvider>
              <Notifications position="bottom-right" limit={4} />
              <App />
            </ModalsProvider>
          </ServicesProvider>
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>,
  );
}

void start();
