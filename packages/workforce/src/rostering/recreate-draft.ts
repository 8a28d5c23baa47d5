import type { Random } from "@svara/kernel";
import type { Board, BoardAgent } from "./board.ts";
import type { Draft, DraftShift } from "./draft.ts";
import { type Effort, fillContracts, improveDraft, personalTotal } from "./improve-draft.ts";

/** So many attempts in a row without success, and nothing more is to be expected. */
const PATIENCE = 150;
const FEWEST_AGENTS = 2;
const MOST_AGENTS = 5;

/**
 * Takes the week away from a few agents drawn by chance and gives it anew, and keeps what costs less: small changes of several
 * people at once, which best replies of one cannot find. Ends when it is over or has found nothing for long. Returns how
 * often it succeeded.
 */
export function recreateDraft(board: Board, draft: Draft, random: Random, effort: Effort): number {
  let cost = totalOf(board, draft);
  let found = 0;
  for (let failed = 0; failed < PATIENCE && !effort.isOver(); ) {
    const agents = drawn(board, random);
    const before = weekOf(board, draft, agents);
    for (const { agent, day } of before) draft.set(agent, day, undefined);
    fillContracts(board, draft, agents);
    improveDraft(board, draft, effort, agents);
    const next = totalOf(board, draft);
    if (next < cost - WORTH_IT && agents.every((agent) => draft.fits(agent, new Map(), true))) {
      cost = next;
      failed = 0;
      found++;
      continue;
    }
    failed++;
    for (const agent of agents) for (const day of board.grid.days.keys()) draft.set(agent, day, undefined);
    for (const { agent, day, shift } of before) draft.set(agent, day, shift);
  }
  return found;
}

const WORTH_IT = 1e-6;

/** Cover, pay, wishes and fairness of the draft. */
function totalOf(board: Board, draft: Draft): number {
  return draft.coverCost() + personalTotal(board, draft);
}

/** A few agents, in the order in which they are given their weeks. */
function drawn({ agents }: Board, random: Random): BoardAgent[] {
  const wanted = FEWEST_AGENTS + Math.floor(random.next() * (MOST_AGENTS - FEWEST_AGENTS + 1));
  const chosen = new Set<BoardAgent>();
  for (let draw = 0; draw < 4 * wanted && chosen.size < Math.min(wanted, agents.length); draw++) {
    const agent = agents[Math.floor(random.next() * agents.length)];
    if (agent) chosen.add(agent);
  }
  return [...chosen];
}

function weekOf(
  { grid }: Board,
  draft: Draft,
  agents: readonly BoardAgent[],
): { readonly agent: BoardAgent; readonly day: number; readonly shift: DraftShift }[] {
  return agents.flatMap((agent) =>
    [...grid.days.keys()].flatMap((day) => {
      const shift = draft.at(agent, day);
      return shift ? [{ agent, day, shift }] : [];
    }),
  );
}
