import { type FieldProblem, type QueueDraft, ROUTING_FACT_TYPES } from "@svara/contracts";
import { checkExpression, parseExpression } from "@svara/kernel/expression";

/** What of a queue's routing cannot work, whatever the rest of the centre is. Each fault names its field. */
export function queueFaults(queue: QueueDraft, { id }: { readonly id: string }): readonly FieldProblem[] {
  const { routing } = queue;
  return [
    ...twice("routing.criteria", routing.criteria),
    ...twice("routing.overflow", routing.overflow),
    ...outOfOrder(routing.steps),
    ...routing.criteria.flatMap(({ when }, index) =>
      expressionFaults(`routing.criteria.${index}.when`, when),
    ),
    ...routing.overflow.flatMap(({ when, to }, index) => [
      ...(when === undefined ? [] : expressionFaults(`routing.overflow.${index}.when`, when)),
      ...(to.kind === "queue" && to.queueId === id ? [toItself(`routing.overflow.${index}.to.queueId`)] : []),
      ...(to.kind === "voicemail" ? [noVoicemail(`routing.overflow.${index}.to.kind`)] : []),
    ]),
    ...(routing.crossSell?.when === undefined
      ? []
      : expressionFaults("routing.crossSell.when", routing.crossSell.when)),
  ];
}

/** The faults of one expression over the routing facts, each as a problem of the field that holds it. */
function expressionFaults(field: string, text: string): FieldProblem[] {
  const parsed = parseExpression(text);
  const problems = parsed.ok ? checkExpression(parsed.expression, ROUTING_FACT_TYPES) : parsed.problems;
  return problems.map(({ code, message, column }) => ({
    field,
    code: `expression.${code}`,
    message: `${message} (column ${column})`,
  }));
}

function twice(field: string, rules: readonly { readonly id: string }[]): FieldProblem[] {
  return rules.flatMap(({ id }, index) =>
    rules.findIndex((other) => other.id === id) < index
      ? [{ field: `${field}.${index}.id`, code: "taken", message: `${id} is there already` }]
      : [],
  );
}

function outOfOrder(steps: QueueDraft["routing"]["steps"]): FieldProblem[] {
  return steps.flatMap(({ afterMs }, index) => {
    const before = steps[index - 1];
    return before === undefined || before.afterMs < afterMs
      ? []
      : [
          {
            field: `routing.steps.${index}.afterMs`,
            code: "out_of_order",
            message: "must come later than the step before",
          },
        ];
  });
}

function toItself(field: string): FieldProblem {
  return { field, code: "overflow_to_itself", message: "must be another queue" };
}

function noVoicemail(field: string): FieldProblem {
  return {
    field,
    code: "not_available",
    message: "voicemail does not exist yet; choose a message, a call-back, another queue or the end",
  };
}
