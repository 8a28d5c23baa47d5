/** What bounds the work of one expression, whoever wrote it. */
export const EXPRESSION_LIMITS = {
  /** UTF-16 units of the source; a page of rules, and as much as a person can read. */
  textLength: 2_000,
  /** Parentheses, lists, calls, repeated signs and conditionals inside one another. CEL asks for 32 at least. */
  depth: 40,
  /** Literals, names and operations; 32 comparisons joined by `||` (what CEL asks for) are 127. */
  nodes: 500,
  /** UTF-16 units of a text that is a fact or a result; a longer one is absent. Borders in `containsText` need 16 bits. */
  valueLength: 10_000,
  /** Elements of a list that is a fact; a longer one is absent. */
  listLength: 1_000,
  /** UTF-16 units of all texts of such a list together. */
  listTextLength: 100_000,
} as const;
