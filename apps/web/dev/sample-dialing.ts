import { clientId, trunks } from "./sample-data.ts";

/** Sample data of what may be called, in the shape of the contracts. */
export const dialRules = {
  id: clientId,
  revision: 7,
  outsidePrefix: "0",
  countries: ["NO", "DK", "FI"],
  highCost: false,
  blocked: ["+2161", "+252", "+53", "+220", "+224", "+232", "+371781", "+882"],
  allowed: ["+4420"],
  limits: {
    agentAtOnce: 3,
    agentPerDay: 500,
    agentAbroadPerDay: 50,
    trunkPerDay: 100_000,
    clientAtOnce: 1_000,
    clientAbroadPerDay: 1_000,
  },
};

/** Norway is called, other countries are not. */
export function trialOf(number: string): object {
  const allowed = number.startsWith("+47");
  return {
    kind: "international",
    e164: number.replaceAll(" ", ""),
    country: allowed ? "NO" : "DE",
    highCost: false,
    allowed,
    reason: allowed ? null : "country",
    remedy: allowed ? null : "an administrator can allow it",
    ways: trunks.map(({ id, name }, index) => ({
      trunkId: id,
      trunkName: name,
      up: index === 0,
      number: "+4722123456",
      callerNumber: "+46850010200",
    })),
  };
}
