import { api, type Monitor, type MonitorMode } from "@svara/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../api/notify.tsx";
import { problemText } from "../api/problem-text.ts";
import { mayIn } from "../api/rights.ts";
import { useDesk } from "../desk/desk-provider.tsx";
import { useServices, useSession } from "../services.ts";

const KEY = ["floor", "monitors"] as const;
/** A call ends without asking its supervisor. */
const EVERY_MS = 2_000;

/** The mode's right, as the server asks it. */
export const MONITOR_RIGHTS = {
  listen: "monitor.listen",
  whisper: "monitor.whisper",
  barge: "monitor.barge",
} as const;

/** The calls that I am in as a supervisor. Asked again and again only while there is one. */
export function useOwnMonitors(): readonly Monitor[] {
  const { client } = useServices();
  const session = useSession();
  const may = mayIn(session, "floor.view") && mayIn(session, ...Object.values(MONITOR_RIGHTS));
  const own = ({ items }: { items: readonly Monitor[] }): readonly Monitor[] =>
    items.filter(({ supervisor }) => supervisor.id === session.user.id);
  const monitors = useQuery({
    queryKey: KEY,
    queryFn: () => client.call(api.floor.monitors, {}),
    enabled: may,
    refetchInterval: ({ state }) => (state.data && own(state.data).length > 0 ? EVERY_MS : false),
  });
  return monitors.data ? own(monitors.data) : [];
}

/** What a supervisor does with a call; each says what went wrong by itself. */
export function useMonitorCommands() {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const desk = useDesk();
  const queries = useQueryClient();
  const settled = (): Promise<void> => queries.invalidateQueries({ queryKey: KEY });
  const start = useMutation({
    mutationFn: async (wish: { contactId: string; agentId: string; mode: MonitorMode }) => {
      if (desk && !(await desk.makeReachable())) {
        notifyProblem(t("monitor.no_device"));
        return;
      }
      await client.call(api.floor.startMonitor, { body: wish, idempotencyKey: ids.next() });
    },
    onSettled: settled,
  });
  const change = useMutation({
    mutationFn: ({ id, mode }: { id: string; mode: MonitorMode }) =>
      client.call(api.floor.changeMonitor, { params: { id }, body: { mode } }),
    onSettled: settled,
  });
  const takeOver = useMutation({
    mutationFn: (id: string) => client.call(api.floor.takeOver, { params: { id }, body: {} }),
    onSuccess: () => notifyDone(t("monitor.taken_over")),
    onSettled: settled,
  });
  const stop = useMutation({
    mutationFn: (id: string) => client.call(api.floor.stopMonitor, { params: { id } }),
    onSettled: settled,
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  return { start, change, takeOver, stop };
}
