import type { AgentId, ContactId } from "@svara/kernel";
import type { OfferExplanation } from "@svara/ledger";
import { ENGINE_VERSION, type Explanation } from "@svara/routing";

/** The router's reasons in the words of the ledger. Finite numbers only: JSON has no others. */
export function offerExplanation(explain: Explanation): OfferExplanation {
  const { choice, strategy, rankedBy, candidates, considered, rules, step, trade } = explain;
  return {
    choice,
    strategy,
    rankedBy: rankedBy.map(rankWord),
    engineVersion: ENGINE_VERSION,
    candidates: candidates.map(({ id, rank }) => ({
      ...(choice === "item_for_agent" ? { contactId: id as ContactId } : { agentId: id as AgentId }),
      rank: rank.map((place) => (Number.isFinite(place) ? place : 0)),
    })),
    considered,
    step,
    rules,
    ...(trade && { trade }),
  };
}

/** `-costPerHandleMs` becomes `cost_per_handle_ms:desc`: the ledger takes words in small letters. */
function rankWord(name: string): string {
  const word = name.replace(/^-/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return name.startsWith("-") ? `${word}:desc` : word;
}
