import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type PlanFormat, planFormat } from "./plan-format.ts";

/** The figures' formats in the language of the screen. */
export function usePlanFormat(): PlanFormat {
  const { i18n } = useTranslation();
  return useMemo(() => planFormat(i18n.language), [i18n.language]);
}
