import { Group, SimpleGrid, Text } from "@mantine/core";
import { api, type DeskContact } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { formatSpan } from "../../format/duration.ts";
import { useServices } from "../../services.ts";
import { CustomerCodes } from "../customers/customer-codes.tsx";
import { contactNumber } from "./contact-title.ts";

/** What is known of this contact before the first word: number, queue, entry point, language, wait. */
export function CustomerCard({ contact }: { readonly contact: DeskContact }) {
  return (
    <div>
      <Facts contact={contact} />
      <Codes contact={contact} />
    </div>
  );
}

/** What routing may have asked of the customer: type, segment, value, for those who may see customers. */
function Codes({ contact }: { readonly contact: DeskContact }) {
  const { client } = useServices();
  const id = contact.customer?.id;
  const customer = useQuery({
    queryKey: ["customers", "one", id],
    queryFn: () => client.call(api.customers.get, { params: { id: id ?? "" } }),
    enabled: useMay("customers.view") && id !== undefined,
  });
  const { type = null, segment = null, value = null } = customer.data ?? {};
  if (type === null && segment === null && value === null) return null;
  return (
    <Group gap={6} mt="xs" data-testid="customer-codes">
      <CustomerCodes customer={{ type, segment, value }} />
    </Group>
  );
}

function Facts({ contact }: { readonly contact: DeskContact }) {
  const { t, i18n } = useTranslation();
  return (
    <SimpleGrid type="container" cols={{ base: 2, "560px": 4 }} spacing="md" verticalSpacing="xs">
      <Fact label={t("fields.number")} value={contactNumber(contact) ?? t("desk.withheld")} />
      <Fact label={t("fields.queue")} value={contact.queue?.name ?? t(`direction.${contact.direction}`)} />
      <Fact label={t("fields.entry_point")} value={contact.entryPoint?.name ?? "–"} />
      <Fact
        label={t("desk.waited")}
        value={contact.waitedMs === undefined ? "–" : formatSpan(contact.waitedMs, i18n.language)}
      />
    </SimpleGrid>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text className="sv-caption">{label}</Text>
      <Text className="sv-num" size="sm" fw={560} truncate>
        {value}
      </Text>
    </div>
  );
}
