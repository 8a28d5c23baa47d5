import { ApiError, api, type WaitExplained } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../../services.ts";

/** Fresh enough to be believed, seldom enough to cost nothing. */
const REFRESH_MS = 2_000;

/** Why a contact waits, read again while somebody looks; `gone` once it waits no more. */
export function useWait(contactId: string): {
  readonly wait: WaitExplained | undefined;
  readonly gone: boolean;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const { client } = useServices();
  const query = useQuery({
    queryKey: ["floor", "explain", contactId],
    queryFn: () => client.call(api.floor.explain, { params: { id: contactId } }),
    refetchInterval: (latest) => (isGone(latest.state.error) ? false : REFRESH_MS),
    staleTime: 0,
    gcTime: 0,
    retry: (failures, error) => !isGone(error) && failures < 1,
  });
  const gone = isGone(query.error);
  return {
    wait: gone ? undefined : query.data,
    gone,
    error: gone ? undefined : (query.error ?? undefined),
    retry: () => void query.refetch(),
  };
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Every reason why one agent does not get it. */
export function useWhyNot(contactId: string, agentId: string | null) {
  const { client } = useServices();
  return useQuery({
    queryKey: ["floor", "why-not", contactId, agentId],
    queryFn: () => client.call(api.floor.whyNot, { params: { id: contactId, agentId: agentId ?? "" } }),
    enabled: agentId !== null,
    refetchInterval: (latest) => (isGone(latest.state.error) ? false : REFRESH_MS),
    staleTime: 0,
    retry: (failures, error) => !isGone(error) && failures < 1,
  });
}
