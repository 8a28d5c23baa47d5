export {
  checkExpression,
  type ExpressionResult,
  type ExpressionSchema,
  type FactType,
} from "./check-expression.ts";
export { compileCondition, compileExpression, type Facts, type ReaderOf } from "./compile-expression.ts";
export type { BinaryOperator, Expression, Method, UnaryOperator } from "./expression.ts";
export { formatExpression } from "./format-expression.ts";
export { EXPRESSION_LIMITS } from "./limits.ts";
export { namesUsed } from "./names-used.ts";
export { type ParsedExpression, parseExpression } from "./parse-expression.ts";
export type {
  ExpressionProblem,
  ExpressionProblemCode,
  ExpressionRemedy,
  ProblemParams,
} from "./problem.ts";
export type { ExpressionScalar, ExpressionValue } from "./value.ts";
