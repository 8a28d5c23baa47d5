import { CONTACT_OUTCOMES, type ContactSummary } from "@svara/contracts";

type Outcome = NonNullable<ContactSummary["outcome"]>;
/** Counts of the floor that lead here. */
const METRICS = ["offered", "answered", "abandoned"] as const;
type Metric = (typeof METRICS)[number];
/** Counts of planning that lead here. */
const COUNTED = ["offered", "answered", "abandoned", "handled"] as const;
type Counted = (typeof COUNTED)[number];
type Direction = ContactSummary["direction"];

/** The filters of the list as they stand in the address, so that a view can be kept and sent. */
export interface ContactQuery {
  readonly search?: string;
  readonly clientId?: string;
  readonly queueId?: string;
  readonly agentId?: string;
  readonly customerId?: string;
  readonly direction?: Direction;
  readonly outcome?: Outcome;
  readonly dispositionId?: string;
  readonly from?: string;
  readonly to?: string;
  /** The contacts behind a count of the floor on the day `from`. */
  readonly metric?: Metric;
  /** The contacts behind a count of planning: of the queue, come within these instants. */
  readonly counted?: Counted;
  readonly countedFrom?: number;
  readonly countedTo?: number;
}

const TEXT_KEYS = ["search", "clientId", "queueId", "agentId", "customerId", "dispositionId"] as const;
const DIRECTIONS: readonly string[] = ["inbound", "outbound", "internal"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the filters; what is not understood is left out rather than refused. */
export function readContactQuery(params: URLSearchParams): ContactQuery {
  const query: Record<string, string | number> = {};
  for (const key of TEXT_KEYS) {
    const value = params.get(key);
    if (value) query[key] = value;
  }
  const direction = params.get("direction");
  if (direction && DIRECTIONS.includes(direction)) query.direction = direction;
  const outcome = params.get("outcome");
  if (outcome && (CONTACT_OUTCOMES as readonly string[]).includes(outcome)) query.outcome = outcome;
  for (const key of ["from", "to"] as const) {
    const value = params.get(key);
    if (value && DAY.test(value)) query[key] = value;
  }
  const metric = params.get("metric");
  if (metric && query.from && (METRICS as readonly string[]).includes(metric)) query.metric = metric;
  const counted = params.get("counted");
  const [countedFrom, countedTo] = [instantOf(params.get("countedFrom")), instantOf(params.get("countedTo"))];
  const isCount = counted !== null && (COUNTED as readonly string[]).includes(counted);
  if (isCount && query.queueId && countedFrom !== undefined && countedTo !== undefined)
    Object.assign(query, { counted, countedFrom, countedTo });
  return query as ContactQuery;
}

function instantOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The filters with a change applied; an empty value removes its filter. */
export function withFilter(
  query: ContactQuery,
  change: { [K in keyof ContactQuery]?: ContactQuery[K] | null | "" },
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...query, ...change }))
    if (value) params.set(key, String(value));
  return params;
}
