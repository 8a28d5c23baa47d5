import type { WhatIfChange } from "@svara/contracts";
import type { Assumption } from "@svara/workforce";

/** What a change takes for granted. */
export function changeAssumptions(change: WhatIfChange): Assumption[] {
  const list: Assumption[] = [];
  const say = (code: string, text: string, params: Assumption["params"] = {}): void => {
    list.push({ code, params, text });
  };
  if (change.volumes.some(({ percent }) => percent > 0))
    say(
      "volumes_added",
      "Contacts that come in addition come near others of their queue, are passed on like them, and draw their handling time and patience.",
    );
  if (change.volumes.some(({ percent }) => percent < 0))
    say("volumes_taken", "Which contacts do not come is drawn anew in each run.");
  if (change.handling.length > 0)
    say("handling_scaled", "Every talk and wrap-up is longer or shorter by the same share.");
  if (change.patience.length > 0)
    say("patience_scaled", "Everybody's patience is longer or shorter by the same share.");
  if (change.staff.some(({ count }) => count > 0))
    say(
      "staff_added",
      "Agents who are added serve the one queue, are available from the first minute to the last, take no break and answer as the others do.",
    );
  if (change.staff.some(({ count }) => count < 0))
    say("staff_taken", "Of those who serve the queue, the ones with the fewest other queues are taken out.");
  if (change.skills.length > 0)
    say("skills_given", "Agents with a new skill take as long for its contacts as others do.");
  if (change.hours.length > 0)
    say(
      "hours_other",
      "Who would have come in hours that are closed now does not come at another time; in new hours as many come as you said.",
    );
  return list;
}
