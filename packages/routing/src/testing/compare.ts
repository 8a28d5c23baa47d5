import type { Decision } from "../decision.ts";
import type { WorkItem } from "../model.ts";
import type { Router } from "../router.ts";
import type { FloorView } from "./naive/view.ts";
import type { PlainDecision, PlainExplanation } from "./naive-router.ts";

/** What differs between the decisions of a step; null when nothing does. Their order counts for offers alone. */
export function differenceOf(
  decided: readonly Decision[],
  expected: readonly PlainDecision[],
): { readonly engineAlone: readonly string[]; readonly naiveAlone: readonly string[] } | null {
  const engine = decided.map((d) => plain(d));
  const naive = expected.map((d) => plain(d));
  const ofEngine = without(engine, naive);
  const ofNaive = without(naive, engine);
  if (ofEngine.length > 0 || ofNaive.length > 0) return { engineAlone: ofEngine, naiveAlone: ofNaive };
  const offered = decided.filter((d) => d.type === "offer");
  const wanted = expected.filter((d) => d.type === "offer");
  for (const [i, d] of offered.entries()) {
    const e = wanted[i];
    if (e?.type !== "offer" || plain(e) !== plain(d))
      return { engineAlone: offered.map((one) => plain(one)), naiveAlone: wanted.map((one) => plain(one)) };
    const why = e.explain ? explanationDiffers(d.explain, e.explain) : null;
    if (why) return { engineAlone: [why, JSON.stringify(d)], naiveAlone: [JSON.stringify(e)] };
  }
  return null;
}

/** What differs between the answers of the router and how the naive floor stands; null when nothing does. */
export function viewDifference(
  router: Router,
  view: FloorView,
): { readonly engineAlone: readonly string[]; readonly naiveAlone: readonly string[] } | null {
  const lines = router
    .queueIds()
    .sort()
    .flatMap((id) => router.waitingItems(id).map((item) => itemView(router, id, item)));
  const agents = router
    .agents()
    .map(({ pending: _pending, offerId, handlings, ...agent }) => ({
      ...agent,
      idleSince: agent.loggedIn ? agent.idleSince : 0,
      rings: offerId !== null,
      handlings: handlings.map((h) => ({ ...h, until: h.phase === "wrap_up" ? h.until : null })),
    }))
    .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  const told = [...lines, ...agents].map(sorted);
  const due = [...nearly(view.lines, lines), ...view.agents].map(sorted);
  const i = told.findIndex((one, k) => one !== due[k]);
  return i < 0 ? null : { engineAlone: ["view", told[i] ?? ""], naiveAlone: ["view", due[i] ?? ""] };
}

/** Waits are told in whole ms: where the sum lies between two of them both are right. */
function nearly(due: FloorView["lines"], told: FloorView["lines"]): FloorView["lines"] {
  return due.map((one, i) => {
    const [a, b] = [one.expectedMs, told[i]?.expectedMs ?? null];
    return a !== null && b !== null && Math.abs(a - b) <= 1 ? { ...one, expectedMs: b } : one;
  });
}

function itemView(
  router: Router,
  queueId: string,
  { id, queuedAt, initiation, handledBy = [], facts = {} }: WorkItem,
) {
  const estimate = router.estimate(id);
  const expectedMs = estimate?.expectedMs ?? null;
  return { queueId, id, queuedAt, initiation, handledBy, facts: Object.entries(facts).sort(), expectedMs };
}

const sorted = (value: unknown): string =>
  JSON.stringify(Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))));

function explanationDiffers(
  told: Extract<Decision, { type: "offer" }>["explain"],
  due: PlainExplanation,
): string | null {
  if (told.choice !== due.choice) return "explain.choice";
  if (told.rules !== due.rules) return "explain.rules";
  if (told.step !== due.step) return "explain.step";
  if (due.strategy !== undefined && told.strategy !== due.strategy) return "explain.strategy";
  if (due.considered !== undefined && told.considered !== due.considered) return "explain.considered";
  if (due.trade !== undefined && JSON.stringify(told.trade) !== JSON.stringify(due.trade))
    return "explain.trade";
  if (!due.ranking) return null;
  if (told.candidates.length === 0 || told.candidates.length > due.ranking.length)
    return "explain.candidates";
  for (const [i, candidate] of told.candidates.entries()) {
    const wanted = due.ranking[i];
    const same =
      wanted?.id === candidate.id &&
      wanted.rank.length === candidate.rank.length &&
      wanted.rank.every((n, k) => Math.abs(n - (candidate.rank[k] ?? 0)) <= 1e-9 * Math.max(1, Math.abs(n)));
    if (!same) return `explain.candidates[${i}]`;
  }
  return null;
}

function plain(decision: Decision | PlainDecision): string {
  const named = decision.type === "ignored" && decision.code === "stale_offer" ? "id" : "offerId";
  const entries = Object.entries(decision).filter(([key]) => key !== named && key !== "explain");
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Those of `a` that have no like in `b`. */
function without(a: readonly string[], b: readonly string[]): string[] {
  const rest = [...b];
  return a.filter((one) => {
    const i = rest.indexOf(one);
    if (i >= 0) rest.splice(i, 1);
    return i < 0;
  });
}
