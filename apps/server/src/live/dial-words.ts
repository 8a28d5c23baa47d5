import type { CallRefusal } from "./call-gate.ts";

const RULES = "an administrator can change it in the office under Dial rules";
const ROLES = "an administrator can grant it in the office under Roles";
const TRUNKS = "an administrator can change it in the office under Trunks";

/** Why a call cannot be placed and what to do about it, for people. */
export const CALL_REFUSALS: Readonly<Record<CallRefusal, string>> = {
  no_lines: `no line out of the centre takes this call; ${TRUNKS}`,
  lines_full: `all lines out of the centre are taken; try again in a moment, or ${TRUNKS}`,
  not_allowed: "this number may not be called",
  malformed:
    "this is no number that can be called; write it with + and the country, or as it is dialled at home",
  draining: "the centre is closing: no new calls; try again when it is back",
  no_right: `calling out is not among your rights; ${ROLES}`,
  no_right_abroad: `calling other countries is not among your rights; ${ROLES} (Call numbers in other countries)`,
  country: `calls to this country are not allowed for this client; ${RULES}`,
  high_cost: `premium numbers and satellites are not allowed for this client or for you; ${RULES}`,
  blocked_prefix: `numbers that begin like this are blocked for this client; ${RULES}`,
  agent_at_once: `you have as many calls out at once as are allowed; end one, or ${RULES}`,
  agent_per_day: `you have made as many calls out today as are allowed; ${RULES}`,
  agent_abroad_per_day: `you have made as many calls abroad today as are allowed; ${RULES}`,
  client_at_once: `as many calls go out for this client as are allowed; try again in a moment, or ${RULES}`,
  client_abroad_per_day: `as many calls abroad were made for this client today as are allowed; ${RULES}`,
  trunk_per_day: `every line has carried as many calls today as are allowed; ${RULES}`,
};

/** The HTTP status of a refusal. */
export function refusalStatus(reason: CallRefusal): number {
  if (reason === "malformed") return 400;
  return reason === "no_right" || reason === "no_right_abroad" ? 403 : 409;
}
