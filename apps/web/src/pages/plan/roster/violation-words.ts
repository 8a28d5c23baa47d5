import type { RosterViolation } from "@svara/contracts";
import { useTranslation } from "react-i18next";

/** A broken rule in the reader's language, with its numbers; the server's English where the catalogue has no words. */
export function useViolationWords(): (violation: RosterViolation) => string {
  const { t, i18n } = useTranslation();
  return ({ rule, actual, limit, message }) => {
    const key = `plan.roster.rule.${rule}`;
    if (!i18n.exists(key)) return message;
    const words = t(key as never) as string;
    if (actual === undefined || limit === undefined) return words;
    return `${words} (${amount(rule, actual)} / ${amount(rule, limit)})`;
  };
}

const IN_DAYS = new Set(["contract_days", "consecutive_days"]);

function amount(rule: string, value: number): string {
  if (IN_DAYS.has(rule)) return String(value);
  const hours = Math.floor(value / 60);
  return `${hours}:${String(Math.round(value % 60)).padStart(2, "0")}`;
}
