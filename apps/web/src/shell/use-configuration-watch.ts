import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTopic } from "../live/use-topic.ts";

/** When anybody changes the configuration, what is shown of it is fetched anew. */
export function useConfigurationWatch(): void {
  const queries = useQueryClient();
  const revision = useTopic("config").data?.revision;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is the reason to run
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["config"] });
  }, [revision, queries]);
}
