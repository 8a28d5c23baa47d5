import type { AgentConfig, Input, OverflowRule, QueueConfig, RouterRules, WrapUpRule } from "@svara/routing";

/*
 * An older journal, or one of another program, may lack a number that the router reckons with, or have `null` or words there.
 * The router of today refuses such a configuration whole, and a simulated floor without the queue would answer nothing. So the
 * part that cannot be reckoned with is left out, or stands at its usual value, and the answer says so.
 */

/** An input whose numbers can be reckoned with; `tell` hears each place that had to be mended. */
export function soundInput(input: Input, tell: (place: string) => void): Input {
  switch (input.type) {
    case "config.queue_set": {
      const { queue } = input;
      return { ...input, queue: soundQueue(queue, (field) => tell(`queue ${queue.id}: ${field}`)) };
    }
    case "config.agent_set": {
      const { agent } = input;
      return { ...input, agent: soundAgent(agent, (field) => tell(`agent ${agent.id}: ${field}`)) };
    }
    case "config.rules_set": {
      const { rules } = input; // one that is left out stays as it was told before
      return { ...input, rules: withoutOdd(rules, RULE_FIGURES, (field) => tell(`rules: ${field}`)) };
    }
    default:
      return input;
  }
}

type Tell = (field: string) => void;

const RULE_FIGURES: readonly (keyof RouterRules)[] = [
  "missesAllowed",
  "restAfterMissMs",
  "connectionGraceMs",
  "assignmentLeaseMs",
];
const USUAL_RING_TIMEOUT_MS = 18_000; // three ring cycles

function soundQueue(queue: QueueConfig, tell: Tell): QueueConfig {
  const sound = { ...withoutOdd(queue, QUEUE_FIGURES, tell) } as {
    -readonly [K in keyof QueueConfig]: QueueConfig[K];
  };
  if (!isFigure(queue.priority)) {
    tell("priority");
    sound.priority = 0;
  }
  if (!isFigure(queue.ringTimeoutMs)) {
    tell("ringTimeoutMs");
    sound.ringTimeoutMs = USUAL_RING_TIMEOUT_MS;
  }
  sound.wrapUp = soundWrapUp(queue.wrapUp, tell);
  for (const { name, figures } of WHOLE_RULES) {
    const rule = queue[name];
    if (rule === undefined || areFigures(rule, figures)) continue;
    tell(name);
    delete sound[name];
  }
  if (queue.blend) sound.blend = withoutOdd(queue.blend, BLEND_FIGURES, (field) => tell(`blend.${field}`));
  if (queue.crossSell) {
    sound.crossSell = withoutOdd(queue.crossSell, CROSS_SELL_FIGURES, (field) => tell(`crossSell.${field}`));
  }
  const { steps, criteria, overflow } = queue;
  if (steps) {
    sound.steps = kept(
      steps,
      "steps",
      tell,
      ({ afterMs, raise }) => isFigure(afterMs) && isFigureIfAny(raise),
    );
  }
  if (criteria) sound.criteria = kept(criteria, "criteria", tell, ({ raise }) => isFigureIfAny(raise));
  if (overflow) sound.overflow = kept(overflow, "overflow", tell, isSoundOverflow);
  return sound;
}

const QUEUE_FIGURES = ["qualityWeight", "preferredWaitMs", "share", "targetMs", "expectedHandleMs"] as const;
const BLEND_FIGURES = ["reserve", "waitingAtMost", "oldestAtMostMs", "serviceLevelAtLeast"] as const;
const CROSS_SELL_FIGURES = ["inSystemAtMost", "waitingAtMost", "openAgentsAtLeast"] as const;
/** Rules that mean nothing without every one of their figures. */
const WHOLE_RULES = [
  { name: "ageing", figures: ["everyMs", "by", "most"] },
  { name: "callback", figures: ["maxAttempts", "retryMs", "attemptLeaseMs"] },
  { name: "cost", figures: ["weight"] },
] as const;

/** A limit that cannot be reckoned with is none: agents wrap up for as long as they did. */
function soundWrapUp(rule: WrapUpRule | undefined, tell: Tell): WrapUpRule {
  if (rule === undefined) {
    tell("wrapUp");
    return { mode: "off" };
  }
  if (rule.mode === "off" || isFigure(rule.limitMs)) return rule;
  const isTimed = rule.mode === "timed" || rule.mode === "timed_forced";
  if (!isTimed && rule.limitMs === undefined) return rule;
  tell("wrapUp.limitMs");
  return { mode: isTimed ? "manual" : rule.mode };
}

function isSoundOverflow(rule: OverflowRule): boolean {
  const { afterMs, everyMs, expectedWaitOverMs, lengthOver, perAgentOver, to } = rule;
  return (
    isFigure(afterMs) &&
    [everyMs, expectedWaitOverMs, lengthOver, perAgentOver].every(isFigureIfAny) &&
    (to.kind !== "queue" || isFigureIfAny(to.priority))
  );
}

function soundAgent(agent: AgentConfig, tell: Tell): AgentConfig {
  const { skills, slots } = agent;
  return {
    ...agent,
    skills: withoutOdd(skills, keysOf(skills), (name) => tell(`skills.${name}`)),
    slots: withoutOdd(slots, keysOf(slots), (name) => tell(`slots.${name}`)),
  };
}

function keysOf<T extends object>(value: T | undefined): (keyof T & string)[] {
  return Object.keys(value ?? {}) as (keyof T & string)[];
}

/** Without the named fields that are there and are no figures. */
function withoutOdd<T extends object>(value: T, names: readonly (keyof T & string)[], tell: Tell): T {
  const sound = { ...value };
  for (const name of names) {
    if (!Object.hasOwn(value, name) || isFigure(value[name])) continue;
    if (value[name] !== undefined) tell(name);
    delete sound[name];
  }
  return sound;
}

function kept<T>(rules: readonly T[], field: string, tell: Tell, isSound: (rule: T) => boolean): T[] {
  return rules.filter((rule, i) => {
    const sound = isSound(rule);
    if (!sound) tell(`${field}.${i}`);
    return sound;
  });
}

function areFigures(rule: object, names: readonly string[]): boolean {
  const fields: Readonly<Record<string, unknown>> = { ...rule };
  return names.every((name) => isFigure(fields[name]));
}

function isFigure(value: unknown): boolean {
  return Number.isFinite(value);
}

function isFigureIfAny(value: unknown): boolean {
  return value === undefined || value === null || isFigure(value);
}
