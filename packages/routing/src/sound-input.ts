import { mediumIndex } from "./medium-bits.ts";
import type { AgentConfig, Medium, QueueConfig, RouterRules, WorkItem } from "./model.ts";

/*
 * Inputs come from JSON: an older journal, a scenario written by hand, another program. A figure that is missing there would
 * make instants that are none, and a timer of such an instant would stand before all others. Ranges are not looked at here:
 * `check-routing.ts` tells them, and the engine goes on with any figure.
 */

/** Whether a queue has every figure that the engine reckons with. */
export function isSoundQueue(config: QueueConfig): boolean {
  const { wrapUp, callback, ageing, blend, crossSell, cost } = config;
  const needsLimit = wrapUp?.mode === "timed" || wrapUp?.mode === "timed_forced";
  return (
    Array.isArray(config.requiredSkills) &&
    Array.isArray(config.media) &&
    config.media.every(isMedium) &&
    isFigure(config.priority) &&
    isFigure(config.ringTimeoutMs) &&
    areFigures(config, ["qualityWeight", "preferredWaitMs", "share", "targetMs", "expectedHandleMs"]) &&
    wrapUp !== undefined &&
    (wrapUp.mode === "off" || (needsLimit ? isFigure(wrapUp.limitMs) : isFigureIfAny(wrapUp.limitMs))) &&
    (callback === undefined || haveFigures(callback, ["maxAttempts", "retryMs", "attemptLeaseMs"])) &&
    (ageing === undefined || haveFigures(ageing, ["everyMs", "by", "most"])) &&
    (cost === undefined || haveFigures(cost, ["weight"])) &&
    (config.steps ?? []).every((step) => isFigure(step.afterMs) && isFigureIfAny(step.raise)) &&
    (config.criteria ?? []).every(({ raise }) => isFigureIfAny(raise)) &&
    (config.overflow ?? []).every((rule) => {
      const { to } = rule;
      const limits = ["everyMs", "expectedWaitOverMs", "lengthOver", "perAgentOver"] as const;
      return (
        isFigure(rule.afterMs) &&
        areFigures(rule, limits) &&
        (to.kind !== "queue" || isFigureIfAny(to.priority))
      );
    }) &&
    areFigures(blend ?? {}, ["reserve", "waitingAtMost", "oldestAtMostMs", "serviceLevelAtLeast"]) &&
    areFigures(crossSell ?? {}, ["inSystemAtMost", "waitingAtMost", "openAgentsAtLeast"])
  );
}

/** Whether an agent has skills and slots, and figures in them. */
export function isSoundAgent({ skills, slots }: AgentConfig): boolean {
  return [skills, slots].every((record) => isRecord(record) && Object.values(record).every(isFigureIfAny));
}

/** Whether the rules of the centre that are given have figures. */
export function areSoundRules({ workStrategy: _workStrategy, ...figures }: Partial<RouterRules>): boolean {
  return Object.values(figures).every(isFigure);
}

/** Whether an item has a medium that there is, and instants and figures. */
export function isSoundItem({ medium, queuedAt, priority, preferredWaitMs, callback }: WorkItem): boolean {
  return (
    isMedium(medium) &&
    isFigure(queuedAt) &&
    isFigureIfAny(priority) &&
    isFigureIfAny(preferredWaitMs) &&
    isFigureIfAny(callback?.from) &&
    isFigureIfAny(callback?.until)
  );
}

/** Whether there is such a medium. */
export function isMedium(medium: Medium): boolean {
  return mediumIndex(medium) >= 0;
}

/** Whether a value that may be absent is a figure if it is there. */
export function isFigureIfAny(value: unknown): boolean {
  return value === undefined || value === null || Number.isFinite(value);
}

function isFigure(value: unknown): boolean {
  return Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function haveFigures<T extends object>(of: T, names: readonly (keyof T)[]): boolean {
  return names.every((name) => isFigure(of[name]));
}

function areFigures<T extends object>(of: T, names: readonly (keyof T)[]): boolean {
  return names.every((name) => isFigureIfAny(of[name]));
}
