import { Badge } from "@mantine/core";
import type { Customer } from "@svara/contracts";
import { useTranslation } from "react-i18next";

/** Type, segment and value, those that are known: what routing may have asked for. */
export function CustomerCodes({
  customer,
}: {
  readonly customer: Pick<Customer, "type" | "segment" | "value">;
}) {
  const { t } = useTranslation();
  const { type, segment, value } = customer;
  return (
    <>
      {type !== null && (
        <Badge color="gray" size="sm">
          {t(`customer_type.${type}`)}
        </Badge>
      )}
      {segment !== null && (
        <Badge color="gray" size="sm" title={t("customers.segment")}>
          {segment}
        </Badge>
      )}
      {value !== null && (
        <Badge color="fjord" size="sm" title={t("customers.value")}>
          {value}
        </Badge>
      )}
    </>
  );
}
