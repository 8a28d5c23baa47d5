import { Select } from "@mantine/core";
import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../format/phone-number.ts";
import { useServices } from "../../services.ts";

/** A number to be shown when calling out, with the client it belongs to. */
export interface CallerNumber {
  readonly fromNumberId: string;
  readonly clientId: string;
}

/** Which number the called one sees. Nothing where there is nothing to choose. */
export function CallerNumberSelect(props: {
  readonly value: CallerNumber | undefined;
  readonly onChange: (value: CallerNumber | undefined) => void;
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const numbers = useQuery({
    queryKey: ["config", "desk-caller-ids"],
    queryFn: () => client.call(api.desk.callerIds, {}),
  });
  const items = numbers.data?.items ?? [];
  if (items.length < 2) return null;
  const first = items.find((item) => item.isDefault);
  return (
    <Select
      size="xs"
      mt="xs"
      label={t("calling.shown_number")}
      allowDeselect={false}
      data={items.map((item) => ({
        value: item.numberId,
        label: item.label === "" ? formatPhone(item.number) : `${formatPhone(item.number)} · ${item.label}`,
      }))}
      value={props.value?.fromNumberId ?? first?.numberId ?? null}
      onChange={(numberId) => {
        const chosen = items.find((item) => item.numberId === numberId);
        props.onChange(
          chosen === undefined || chosen.isDefault
            ? undefined
            : { fromNumberId: chosen.numberId, clientId: chosen.clientId },
        );
      }}
      data-testid="caller-number"
    />
  );
}
