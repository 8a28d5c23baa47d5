import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../../services.ts";

/** The queues one may plan for, with how much history each has. */
export function usePlanQueues() {
  const { client } = useServices();
  return useQuery({
    queryKey: ["plan", "history", "queues"],
    queryFn: async () => (await client.call(api.planHistory.state, {})).items,
  });
}

export type PlanQueue = NonNullable<ReturnType<typeof usePlanQueues>["data"]>[number];
