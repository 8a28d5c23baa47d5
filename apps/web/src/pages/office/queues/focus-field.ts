const APPEARS_WITHIN_MS = 1_500;

/**
 * Moves the eye and the keyboard to a field of the queue editor: to its rule at once, then to what is found there or to what
 * is marked invalid as soon as it is on the screen, unless the person has moved on meanwhile.
 */
export function focusField(field: string): void {
  const started = performance.now();
  let went: Element | undefined;
  const look = (): void => {
    if (went !== undefined && document.activeElement !== went) return;
    const form = document.querySelector("[data-testid=queue-editor]");
    const place = form && (finding(form, field) ?? form.querySelector<HTMLElement>("[aria-invalid=true]"));
    const next = place ?? (form && ruleHead(form, field));
    if (next && next !== went) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
      went = next;
    }
    if (!place && performance.now() - started < APPEARS_WITHIN_MS) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** What is said at the field or at the whole that it belongs to. */
function finding(form: Element, field: string): HTMLElement | undefined {
  return [...form.querySelectorAll<HTMLElement>("[data-finding-at]")].find(
    ({ dataset: { findingAt } }) => field === findingAt || field.startsWith(`${findingAt}.`),
  );
}

/** The head of the rule that a field such as `routing.steps.1.skills` belongs to. */
function ruleHead(form: Element, field: string): HTMLElement | null {
  const [, list, place] = /^routing\.(steps|criteria|overflow)\.(\d+)/.exec(field) ?? [];
  return list === undefined
    ? null
    : form.querySelector<HTMLElement>(`[data-testid=${list}] [data-rule="${place}"] [data-head]`);
}
