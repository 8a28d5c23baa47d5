import type { FloorRecord } from "./floor-record.ts";
import { allStays } from "./floor-record.ts";
import type { RecordedScenario, WhatIfChange } from "./recorded-scenario.ts";

/** Something that a what-if takes for granted; `code` is stable, `params` are what the sentence is made of. */
export interface Assumption {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | null>>;
  readonly text: string;
}

const TOLD_PLACES = 8; // enough to find the journal's fault

/** What was assumed, the general first. */
export function assumptionsOf(
  record: FloorRecord,
  recorded: RecordedScenario,
  change: WhatIfChange,
  run: { readonly seed: number; readonly replications: number },
): Assumption[] {
  const list: Assumption[] = [];
  const say = (code: string, params: Assumption["params"], text: string): void => {
    list.push({ code, params, text });
  };
  const stays = [...allStays(record.stays)];
  const served = stays.filter((stay) => stay.outcome === "answered").length;
  const abandoned = stays.filter((stay) => stay.outcome === "abandoned").length;
  const left = stays.filter((stay) => stay.outcome === "left").length;
  const { seed, replications } = run;
  say("arrivals_recorded", { items: stays.length }, `All ${stays.length} arrivals come when they came.`);
  say(
    "handling_recorded",
    { served },
    `The ${served} that were served take as long as they took, whoever serves them; the others draw from the handling times of their queue.`,
  );
  say(
    "patience_recorded",
    { abandoned },
    `The ${abandoned} who gave up do so after the same wait, if nobody answers before.`,
  );
  for (const [queueId, fit] of recorded.patience) {
    const params = {
      queueId,
      method: fit.method,
      gaveUp: fit.gaveUp,
      censored: fit.censored,
      meanMs: fit.meanMs === null ? null : Math.round(fit.meanMs),
    };
    say("patience_fitted", params, patienceText(params));
  }
  if (change.staff?.shifts) {
    const { length } = change.staff.shifts;
    say(
      "staff_replaced",
      { shifts: length },
      `Agents work the ${length} shifts given, and none that were recorded.`,
    );
  } else {
    say(
      "staff_recorded",
      {},
      "Agents log in, pause and leave as recorded, even where the work would end otherwise.",
    );
  }
  const more = (change.staff?.more ?? []).reduce((sum, { count }) => sum + count, 0);
  if (more > 0)
    say("staff_more", { more }, `${more} more agents copy the day of the agents that they are like.`);
  const without = change.staff?.without?.length ?? 0;
  if (without > 0) say("staff_without", { without }, `${without} agents are left out for the whole time.`);
  const { facts } = record;
  if (left > 0) {
    say(
      "flow_recorded",
      { left },
      `The flow takes the ${left} that it took out of a queue out after the same wait, and nobody else.`,
    );
  }
  if (facts.missedOffers > 0) {
    say(
      "misses_repeated",
      { missed: facts.missedOffers },
      `The ${facts.missedOffers} offers that were missed, refused or failed are so again for the same contacts, and whoever gets them is away as long as the agent was then.`,
    );
  }
  if (facts.otherWork > 0) {
    say(
      "other_work_recorded",
      { parts: facts.otherWork },
      `The ${facts.otherWork} parts of agents in work that no queue gave (calls out, internal, consultations) happen when they happened.`,
    );
  }
  if (facts.pickedByHand > 0) {
    say(
      "picks_routed",
      { picked: facts.pickedByHand },
      `The ${facts.pickedByHand} contacts that were taken by hand are given out by the rules.`,
    );
  }
  if (facts.waitingAtStart > 0) {
    const { waitingAtStart } = facts;
    say(
      "waiting_at_start",
      { waiting: waitingAtStart },
      `The ${waitingAtStart} that waited when the record began count as coming then.`,
    );
  }
  if (facts.restarts > 0) {
    say(
      "restarts_ignored",
      { restarts: facts.restarts },
      `The program started anew ${facts.restarts} times; the simulation loses nobody by it.`,
    );
  }
  const { mended } = record;
  if (mended.length > 0) {
    say(
      "configuration_mended",
      { places: mended.length, examples: mended.slice(0, TOLD_PLACES).join(", ") },
      `Without a number at ${mended.length} places of the recorded configuration, what stood there is left out or at its usual value: ${mended.slice(0, TOLD_PLACES).join(", ")}.`,
    );
  }
  if (facts.unfinished > 0) {
    say(
      "unfinished_drawn",
      { talks: facts.unfinished },
      `The ${facts.unfinished} talks whose end the record does not know draw their length.`,
    );
  }
  say(
    "chance",
    { seed, replications },
    `Chance is drawn ${replications} times from seed ${seed}; the same seed gives the same figures.`,
  );
  return list;
}

function patienceText(fit: {
  readonly queueId: string;
  readonly method: string;
  readonly gaveUp: number;
  readonly censored: number;
  readonly meanMs: number | null;
}): string {
  const { queueId, gaveUp, censored } = fit;
  if (fit.method === "never") return `In queue ${queueId} nobody gave up, so nobody will.`;
  const meanS = Math.round((fit.meanMs ?? 0) / 1000);
  const how =
    fit.method === "kaplan_meier"
      ? `by the product-limit curve with an exponential tail of mean ${meanS} s`
      : `exponentially with mean ${meanS} s`;
  return `In queue ${queueId} the patience of those who were served is drawn ${how}, longer than their recorded wait (from ${gaveUp} who gave up and ${censored} who did not).`;
}
