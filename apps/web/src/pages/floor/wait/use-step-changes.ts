import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { useEntities } from "../../office/entity/crud.ts";
import { stepChanges } from "../../office/queues/queue-words.ts";
import { useNames } from "../../office/queues/use-names.ts";

/**
 * What a step of a queue changes, in words. `asOf` is the revision by which something was decided: a queue that was changed
 * after it says nothing, for it may have had other steps then. Undefined where the reader may not know the queue's rules.
 */
export function useStepChanges(queueId: string, asOf?: number | null): (step: number) => string | undefined {
  const { i18n } = useTranslation();
  const { nameOf } = useNames();
  const queues = useEntities("queue", api.queues, { enabled: useMay("queues.view") });
  const queue = queues.data?.find(({ id }) => id === queueId);
  return (step) => {
    if (queue === undefined || asOf === null) return undefined;
    if (asOf !== undefined && queue.revision > asOf) return undefined;
    const taken = queue.routing.steps[step - 1];
    return taken && stepChanges(taken, { i18n, nameOf });
  };
}
