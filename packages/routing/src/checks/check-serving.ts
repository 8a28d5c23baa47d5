import type { Medium, QueueConfig } from "../model.ts";
import type { AskedWord } from "./agent-index.ts";
import type { AddFinding, WordKind } from "./finding.ts";
import { type PlanView, stepsOf } from "./plan.ts";

/** [RT93] Whether anybody can serve the queue, and if not, which words stand in the way. */
export function checkServing(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  if (queue.media.length === 0) add("queue_without_media", "media", {});
  for (const medium of queue.media) {
    const first = view.levels(queue).findIndex((level) => !view.serversAt(queue, medium, level).isEmpty);
    if (first < 0) checkWords(view, queue, medium, add);
    else if (first > 0) {
      const afterMs = stepsOf(queue)[first - 1]?.afterMs ?? 0;
      add("served_from_step_on", `steps.${placeOfStep(queue, first)}`, { step: first, medium, afterMs });
    }
  }
  for (const [i, skillId] of (queue.preferredSkills ?? []).entries()) {
    if (view.index.best(skillId) === 0) add("preferred_skill_of_nobody", `preferredSkills.${i}`, { skillId });
  }
}

/** Where the nth step in order of time stands in the configuration. */
function placeOfStep(queue: QueueConfig, step: number): number {
  const taken = stepsOf(queue)[step - 1];
  return taken === undefined ? -1 : (queue.steps ?? []).indexOf(taken);
}

/** Of several levels that nobody serves the last is told: it is the one that is meant to ask least. */
function checkWords(view: PlanView, queue: QueueConfig, medium: Medium, add: AddFinding): void {
  const level = view.levels(queue).at(-1);
  if (level === undefined) return;
  const words = view.index.words(queue.id, medium, level);
  const unmet = words.filter(({ agents }) => agents.isEmpty);
  for (const { word } of unmet) {
    switch (word.kind) {
      case "slots":
        add("nobody_has_slots", "media", { medium });
        break;
      case "queues":
        add("nobody_is_assigned", "", {});
        break;
      case "skills": {
        const { skillId, minProficiency } = word;
        const path = `${whereAsked(queue, "skills")}.${skillId}`;
        add("nobody_has_skill", path, { skillId, minProficiency, best: view.index.best(skillId) });
        break;
      }
      case "groups":
        add("nobody_in_groups", whereAsked(queue, "groups"), { groups: level.groups ?? [] });
        break;
      case "sites":
        add("nobody_at_sites", whereAsked(queue, "sites"), { sites: level.sites ?? [] });
        break;
      case "tiers":
        add("nobody_in_tiers", whereAsked(queue, "tiers"), { tiers: level.tiers ?? [] });
        break;
    }
  }
  if (unmet.length === 0) add("nobody_meets_all", "", { medium, without: enoughToLeaveOut(words) });
}

/** The kinds of words of which one alone need be left out for somebody to serve. */
function enoughToLeaveOut(words: readonly AskedWord[]): WordKind[] {
  return [...new Set(words.map(({ word }) => word.kind))].filter((kind) => {
    const [first, ...rest] = words.filter(({ word }) => word.kind !== kind).map(({ agents }) => agents);
    return first !== undefined && !rest.reduce((all, agents) => all.intersect(agents), first.copy()).isEmpty;
  });
}

/** The field that asks for the word once all steps are taken: the last step that gives it, else the queue's own. */
function whereAsked(queue: QueueConfig, kind: "skills" | "groups" | "sites" | "tiers"): string {
  const step = stepsOf(queue).findLast((each) => each[kind] !== undefined);
  if (step === undefined) return kind === "skills" ? "requiredSkills" : kind;
  return `steps.${(queue.steps ?? []).indexOf(step)}.${kind}`;
}
