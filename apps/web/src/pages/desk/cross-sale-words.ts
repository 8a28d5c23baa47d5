import type { AnswerOf, api } from "@svara/contracts";
import type { i18n } from "i18next";

/** Whether to offer more, and why not: the first threshold that does not hold, with its figure. */
export function crossSaleSentences(
  { allowed, because, inSystem, waiting, openAgents }: AnswerOf<typeof api.desk.crossSell>,
  { t }: Pick<i18n, "t">,
): string[] {
  if (allowed) return [t("cross_sale.yes")];
  switch (because) {
    case "in_system":
      return [
        t("cross_sale.no"),
        t("cross_sale.because_in_system", { count: inSystem }),
        t("cross_sale.again"),
      ];
    case "waiting":
      return [t("cross_sale.no"), t("cross_sale.because_waiting", { count: waiting }), t("cross_sale.again")];
    case "open_agents":
      return [
        t("cross_sale.no"),
        t("cross_sale.because_open_agents", { count: openAgents }),
        t("cross_sale.again"),
      ];
    case "no_rule":
      return [t("cross_sale.no"), t("cross_sale.because_no_rule")];
    case "criterion":
      return [t("cross_sale.no"), t("cross_sale.because_criterion")];
    case null:
      return [t("cross_sale.no")];
  }
}
