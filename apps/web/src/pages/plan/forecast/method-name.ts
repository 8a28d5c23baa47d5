import { FORECAST_METHODS } from "@svara/contracts";
import type { TFunction } from "i18next";

type Method = (typeof FORECAST_METHODS)[number] | "flat" | "mixed";

/** A method of forecasting in words. */
export function methodName(method: string, t: TFunction): string {
  return isMethod(method) ? t(`plan.forecast.methods.${method}`) : method;
}

/** What it does, in a sentence. */
export function methodHint(method: string, t: TFunction): string | undefined {
  return isMethod(method) ? t(`plan.forecast.method_hints.${method}`) : undefined;
}

function isMethod(method: string): method is Method {
  return method === "flat" || method === "mixed" || (FORECAST_METHODS as readonly string[]).includes(method);
}
