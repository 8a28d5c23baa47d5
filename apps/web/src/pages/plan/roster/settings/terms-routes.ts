import { api } from "@svara/contracts";

/** Each agent has terms: nothing is made or removed, and `remove` only stands in for the shape of other kinds. */
export const TERMS_ROUTES = { ...api.planAgentTerms, remove: api.planContracts.remove };
