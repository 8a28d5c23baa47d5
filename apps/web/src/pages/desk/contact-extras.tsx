import { Alert, Button, Group, Stack, Switch, Text, Tooltip } from "@mantine/core";
import { type AnswerOf, api, type DeskContact } from "@svara/contracts";
import { IconCircleCheck, IconCircleX, IconShoppingBagPlus, IconStairsUp } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../services.ts";
import { crossSaleSentences } from "./cross-sale-words.ts";
import { EscalateDialog } from "./escalate-dialog.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

type Answer = AnswerOf<typeof api.desk.crossSell>;

/** What a queue's rules offer during a call: giving it on to another tier, wrap-up on demand, asking for an extra sale. */
export function ContactExtras(props: { readonly contact: DeskContact; readonly commands: DeskCommands }) {
  const { t } = useTranslation();
  const { contact, commands } = props;
  const [escalating, setEscalating] = useState(false);
  const { client } = useServices();
  const ask = useMutation({
    mutationFn: () => client.call(api.desk.crossSell, { params: { id: contact.contactId } }),
  });
  const live = contact.state === "talking" || contact.state === "held";
  const mayEscalate = live && contact.direction !== "internal";
  const asksWrapUp = contact.wrapUpRequested !== undefined;
  const sells = contact.crossSell === true && live;
  if (!mayEscalate && !asksWrapUp && !sells) return null;
  return (
    <Stack gap="xs" role="group" aria-label={t("desk.more_controls")}>
      <Group gap="sm" justify="space-between">
        <Group gap="xs">
          {mayEscalate && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconStairsUp size={16} aria-hidden="true" />}
              onClick={() => setEscalating(true)}
              data-testid="escalate"
            >
              {t("escalate.action")}
            </Button>
          )}
          {sells && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconShoppingBagPlus size={16} aria-hidden="true" />}
              loading={ask.isPending}
              onClick={() => ask.mutate()}
              data-testid="cross-sale"
            >
              {t("cross_sale.ask")}
            </Button>
          )}
        </Group>
        {asksWrapUp && (
          <Tooltip label={t("desk.wrap_up_request_hint")} multiline maw={280}>
            <div>
              <Switch
                size="sm"
                label={t("desk.wrap_up_request")}
                checked={contact.wrapUpRequested ?? false}
                disabled={commands.busy("requestWrapUp")}
                onChange={(event) => commands.requestWrapUp(contact, event.currentTarget.checked)}
                data-testid="request-wrap-up"
              />
            </div>
          </Tooltip>
        )}
      </Group>
      {sells && ask.data && <CrossSaleAnswer answer={ask.data} onClose={ask.reset} />}
      {escalating && (
        <EscalateDialog contact={contact} commands={commands} onClose={() => setEscalating(false)} />
      )}
    </Stack>
  );
}

function CrossSaleAnswer({ answer, onClose }: { readonly answer: Answer; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [first, ...rest] = crossSaleSentences(answer, i18n);
  return (
    <Alert
      color={answer.allowed ? "green" : "orange"}
      icon={answer.allowed ? <IconCircleCheck /> : <IconCircleX />}
      withCloseButton
      closeButtonLabel={t("common.close")}
      onClose={onClose}
      py="xs"
      role="status"
      data-testid="cross-sale-answer"
    >
      <Text size="sm" fw={600}>
        {first}
      </Text>
      {rest.length > 0 && <Text size="sm">{rest.join(" ")}</Text>}
    </Alert>
  );
}
