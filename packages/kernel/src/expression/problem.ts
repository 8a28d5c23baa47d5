/** What can be wrong with an expression. Stable: translations and clients know these words. */
export type ExpressionProblemCode = keyof typeof MESSAGES;

/** What the author can do about it. Stable, as above. */
export type ExpressionRemedy = keyof typeof REMEDIES;

export type ProblemParams = Readonly<Record<string, string | number>>;

/** One fault of an expression, as data that a screen can translate. */
export interface ExpressionProblem {
  readonly code: ExpressionProblemCode;
  /** Where, counted from 1 in UTF-16 units of the text. */
  readonly column: number;
  /** The values in the message, such as `found`, `expected`, `name`, `suggestion`. */
  readonly params: ProblemParams;
  readonly remedy?: ExpressionRemedy;
  /** The message and the remedy in English. */
  readonly message: string;
}

type Wording = (params: ProblemParams) => string;

/** Words that stand in `params` for something to be named in the reader's language. Others are quoted from the source. */
const TERMS: Readonly<Record<string, string>> = {
  value: "a value",
  operator: "an operator or the end",
  operator_or_close: "an operator or the closing bracket",
  name: "a name",
  comma_or_close: "a comma or the closing bracket",
  end: "the end",
  any: "a value",
  text: "text",
  number: "a number",
  flag: "true or false",
  null: "null",
  list: "a list",
  list_of_text: "a list of texts",
  list_of_number: "a list of numbers",
  list_of_flag: "a list of flags",
  number_or_text: "a number or text",
  text_or_list: "text or a list",
};

const say = (term: string | number | undefined): string =>
  Object.hasOwn(TERMS, String(term)) ? (TERMS[String(term)] ?? "") : String(term);

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const MESSAGES = {
  text_too_long: (p) => `The expression has ${p.length} characters; ${p.limit} are allowed.`,
  too_deep: (p) => `The expression is nested deeper than ${p.limit} levels.`,
  too_many_parts: (p) => `The expression has more than ${p.limit} parts.`,
  unexpected_character: (p) => `The character ${p.found} has no meaning here.`,
  unexpected_token: (p) => `Found ${say(p.found)} where ${say(p.expected)} was expected.`,
  unexpected_end: (p) => `The expression ends where ${say(p.expected)} was expected.`,
  unterminated_text: (p) => `The text that begins with ${p.quote} is not closed.`,
  bad_escape: (p) => `${p.found} is not an escape sequence.`,
  bad_text: () => "The text has half of a character pair (a lone surrogate).",
  number_too_large: (p) => `The number ${p.found} is too large to be exact.`,
  reserved_word: (p) => `"${p.found}" is a reserved word and cannot be used as a name.`,
  unknown_function: (p) => `There is no function "${p.name}".`,
  wrong_argument_count: (p) =>
    `"${p.name}" takes ${p.expected} argument${p.expected === 1 ? "" : "s"}, not ${p.found}.`,
  not_a_fact_path: () => "has() takes the name of a fact with a dot in it, such as customer.language.",
  not_supported: (p) => `${p.found} is not part of this language.`,
  unknown_name: (p) => `Nothing is known by the name "${p.name}".`,
  wrong_type: (p) => `${p.operator} needs ${say(p.expected)}, but this is ${say(p.found)}.`,
  cannot_compare: (p) => `${sentence(say(p.left))} and ${say(p.right)} cannot be compared by ${p.operator}.`,
  branches_differ: (p) => `The two outcomes of ? : differ: ${say(p.left)} and ${say(p.right)}.`,
  mixed_list: (p) => `A list holds values of one kind, but here are ${say(p.left)} and ${say(p.right)}.`,
  nested_list: () => "A list cannot hold a list.",
  impossible_value: (p) => `${p.name} is never ${p.value}.`,
  wrong_result: (p) => `The expression gives ${say(p.found)}, but ${say(p.expected)} is needed.`,
} satisfies Record<string, Wording>;

const REMEDIES = {
  shorten: () => "Split it into several rules.",
  use_double_equals: () => 'Write == to compare, as in item.language == "sv".',
  use_and: () => "Write && for and.",
  use_or: () => "Write || for or.",
  use_not: () => "Write ! for not.",
  use_not_equals: () => "Write != for unequal.",
  use_relation: (p) => `Write ${p.suggestion}.`,
  use_straight_quotes: () => 'Write straight quotes: "sv".',
  use_quotes: () => 'Put text between quotes: "sv".',
  close_quote: (p) => `Add the closing ${p.quote}.`,
  close_bracket: (p) => `Add ${p.bracket} for the one opened in column ${p.opened}.`,
  remove: () => "Remove it.",
  join_with_operator: () => "Join the two parts with an operator such as && or ==.",
  double_the_backslash: () => "Write \\\\ for one backslash.",
  use_parentheses: () => "Put the inner part between parentheses.",
  use_smaller_number: () => "Use a number up to 9007199254740991.",
  use_plain_number: () => "Write the number in decimal digits.",
  use_in_list: () => 'To test for one of several values write name in ["a", "b"].',
  did_you_mean: (p) => `Did you mean ${p.suggestion}?`,
  use_text_functions: () => "Use startsWith, endsWith, contains or size.",
  choose_another_name: () => "Give the fact another name.",
  compare_it: () => "Compare it with something, as in contacts.last30 > 3.",
} satisfies Record<string, Wording>;

/** A problem with its English message. */
export function problem(
  code: ExpressionProblemCode,
  column: number,
  params: ProblemParams = {},
  remedy?: ExpressionRemedy,
): ExpressionProblem {
  const said = (MESSAGES[code] as Wording)(params);
  if (remedy === undefined) return { code, column, params, message: said };
  return { code, column, params, remedy, message: `${said} ${(REMEDIES[remedy] as Wording)(params)}` };
}
