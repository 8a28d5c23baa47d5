import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../../api/rights.ts";

/** A count that opens the contacts it was made of. */
export function ContactsLink(props: {
  readonly queueId: string;
  readonly from: number;
  readonly to: number;
  readonly counted: "offered" | "answered" | "abandoned" | "handled";
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const may = useMay("contacts.view");
  const { queueId, from, to, counted, children } = props;
  if (!may) return children;
  return (
    <Anchor
      component={Link}
      size="sm"
      href={`/contacts?queueId=${queueId}&counted=${counted}&countedFrom=${from}&countedTo=${to}`}
      title={t("plan.kit.open_contacts")}
    >
      {children}
    </Anchor>
  );
}
