import { SimpleGrid, Text } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../format/duration.ts";
import { contactNumber } from "./contact-title.ts";

/** What is known of this contact before the first word: number, queue, entry point, language, wait. */
export function CustomerCard({ contact }: { readonly contact: DeskContact }) {
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
