import { type Disposable, Disposables } from "@svara/kernel";
import type { Core } from "../core.ts";
import type { HttpCore } from "../http/http-core.ts";
import type { LiveService } from "../live/live-service.ts";

/** What the Plan room's routes stand on; each slice takes what it needs of it. */
export interface PlanParts {
  readonly http: HttpCore;
  readonly core: Core;
  readonly live: LiveService;
}

/** Mounts every route of the Plan room; disposing ends what runs for it. */
export function mountPlanRoutes(_parts: PlanParts): Disposable {
  const open = new Disposables();
  return open;
}
