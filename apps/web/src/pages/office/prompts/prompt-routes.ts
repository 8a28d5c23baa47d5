import { api } from "@svara/contracts";

/** Prompts as configured things: they are created by an upload, the rest is as everywhere. */
export const promptRoutes = {
  list: api.prompts.list,
  get: api.prompts.get,
  replace: api.prompts.replace,
  remove: api.prompts.remove,
};
