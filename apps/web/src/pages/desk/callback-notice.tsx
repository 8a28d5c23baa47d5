import { Group, Text } from "@mantine/core";
import { api, type DeskContact } from "@svara/contracts";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { useServices } from "../../services.ts";
import { contactNumber } from "./contact-title.ts";

/** How often a queue tries, where it does not say so itself. */
const USUAL_ATTEMPTS = 3;

/** Nobody is on the line yet: the agent's phone is to dial the customer. Shown until they talk. */
export function CallbackNotice({ contact }: { readonly contact: DeskContact }) {
  const { t } = useTranslation();
  const attempts = useMostAttempts(contact);
  const { callbackAttempt: attempt, state } = contact;
  if (attempt === undefined || (state !== "offered" && state !== "dialing")) return null;
  return (
    <Group
      gap="sm"
      p="sm"
      wrap="nowrap"
      align="flex-start"
      style={{ background: "var(--sv-state-wrap-soft)", borderRadius: 10 }}
      data-testid="callback"
    >
      <IconPhoneOutgoing
        size={20}
        color="var(--sv-state-wrap)"
        aria-hidden="true"
        style={{ flex: "none", marginTop: 1 }}
      />
      <div>
        <Text size="sm" fw={600} c="var(--sv-state-wrap)">
          {attempts === undefined
            ? t("desk.callback", { attempt })
            : t("desk.callback_of", { attempt, attempts })}
        </Text>
        <Text size="sm">
          {state === "offered"
            ? t("desk.callback_offer", { number: contactNumber(contact) ?? "" })
            : t("desk.callback_dials")}
        </Text>
      </div>
    </Group>
  );
}

/** Known only to those who may see the queue. */
function useMostAttempts(contact: DeskContact): number | undefined {
  const { client } = useServices();
  const id = contact.queue?.id;
  const queue = useQuery({
    queryKey: ["config", "queue", "one", id],
    queryFn: () => client.call(api.queues.get, { params: { id: id ?? "" } }),
    enabled: useMay("queues.view") && id !== undefined && contact.callbackAttempt !== undefined,
  });
  return queue.data && (queue.data.routing.callback?.maxAttempts ?? USUAL_ATTEMPTS);
}
