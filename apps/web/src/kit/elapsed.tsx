import type { Instant } from "@svara/kernel";
import { formatClock } from "../format/duration.ts";
import { useNow } from "./use-now.ts";

/** Time since an instant of the server, ticking. */
export function Elapsed({ since, className }: { readonly since: Instant; readonly className?: string }) {
  const now = useNow();
  return (
    <time className={`sv-num ${className ?? ""}`} aria-hidden="true">
      {formatClock(now - since)}
    </time>
  );
}

/** Time left until an instant of the server, ticking, never below zero. */
export function Remaining({ until, className }: { readonly until: Instant; readonly className?: string }) {
  const now = useNow();
  return (
    <time className={`sv-num ${className ?? ""}`} aria-hidden="true">
      {formatClock(until - now + 999)}
    </time>
  );
}
