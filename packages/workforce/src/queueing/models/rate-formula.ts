import { badInput } from "../input.ts";

const NUMBER = "\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?";
const TERM = new RegExp(
  `^([+-]?)(?:(${NUMBER})\\*)?(sin|cos)\\((?:(${NUMBER})\\*)?t(?:([+-])(${NUMBER}))?\\)|^([+-]?)(${NUMBER})`,
);

/**
 * A rate written as a sum of numbers and waves, such as `100+20*sin(t)` or `50 - 10*cos(0.5*t + 1)`, as a function of t.
 * @throws `queueing.bad_input` under `field`
 */
export function rateFormula(text: unknown, field: string): (t: number) => number {
  const remedy = 'give a sum such as "100+20*sin(t)" or "50-10*cos(0.5*t+1)"';
  if (typeof text !== "string" || text.trim() === "")
    throw badInput(field, `${field} is no formula; ${remedy}`);
  const terms: ((t: number) => number)[] = [];
  let rest = text.replaceAll(/\s/g, "");
  while (rest !== "") {
    const match = TERM.exec(rest);
    if (match === null || (terms.length > 0 && !/^[+-]/.test(rest)))
      throw badInput(field, `${field} is "${text}", which ends to make sense at "${rest}"; ${remedy}`);
    terms.push(termOf(match));
    rest = rest.slice(match[0].length);
  }
  return (t) => terms.reduce((sum, term) => sum + term(t), 0);
}

function termOf(match: RegExpExecArray): (t: number) => number {
  const [, sign, factor = "1", wave, frequency = "1", phaseSign, phase = "0", numberSign, number] = match;
  if (wave === undefined) {
    const value = (numberSign === "-" ? -1 : 1) * Number(number);
    return () => value;
  }
  const size = (sign === "-" ? -1 : 1) * Number(factor);
  const shift = (phaseSign === "-" ? -1 : 1) * Number(phase);
  const at = wave === "sin" ? Math.sin : Math.cos;
  return (t) => size * at(Number(frequency) * t + shift);
}
