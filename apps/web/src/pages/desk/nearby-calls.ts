import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** Calls that ring at others live for seconds. */
const EVERY_MS = 2_000;

/** Parked calls of one's clients. */
export function useParked() {
  const { client } = useServices();
  return useQuery({
    queryKey: ["desk", "parked"],
    queryFn: () => client.call(api.desk.parked, {}),
    refetchInterval: EVERY_MS,
  });
}

/** Calls that ring at colleagues and may be taken. */
export function useRinging() {
  const { client } = useServices();
  return useQuery({
    queryKey: ["desk", "ringing"],
    queryFn: () => client.call(api.desk.ringing, {}),
    refetchInterval: EVERY_MS,
  });
}
