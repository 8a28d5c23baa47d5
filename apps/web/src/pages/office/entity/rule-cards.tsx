import {
  ActionIcon,
  Button,
  Group,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
  VisuallyHidden,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronDown, IconPlus, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { moved } from "./moved.ts";
import classes from "./rule-cards.module.css";

/**
 * Rules in order, each read as a sentence and opened to be changed. By keyboard: Alt with an arrow moves the rule that has
 * the focus, and what became of it is said.
 */
export function RuleCards<R>(props: {
  readonly rules: readonly R[];
  readonly sentenceOf: (rule: R, index: number) => ReactNode;
  readonly nameOf: (rule: R, index: number) => string;
  readonly body: (rule: R, index: number, change: (next: R) => void) => ReactNode;
  readonly beside?: (rule: R, index: number, isOpen: boolean) => ReactNode;
  /** Whether the order is the person's; rules by time have theirs from the time. */
  readonly ordered: boolean;
  readonly addLabel: string;
  readonly make: () => R;
  readonly onChange: (rules: R[], what: "added" | "removed" | "moved" | "changed") => void;
  readonly open?: number | undefined;
  readonly most: number;
  readonly testId: string;
}) {
  const { t } = useTranslation();
  const { rules, onChange } = props;
  const [open, setOpen] = useState<number | undefined>(props.open);
  const [told, setTold] = useState("");
  const list = useRef<HTMLOListElement>(null);

  const focusOn = (selector: string): void => {
    setTimeout(() => list.current?.parentElement?.querySelector<HTMLElement>(selector)?.focus());
  };
  function add(): void {
    onChange([...rules, props.make()], "added");
    setOpen(rules.length);
    focusOn(`[data-rule="${rules.length}"] [data-body] :is(input:not([type=hidden]), textarea)`);
  }
  function remove(index: number): void {
    onChange(
      rules.filter((_, at) => at !== index),
      "removed",
    );
    setOpen(undefined);
    setTold(t("rule_cards.removed"));
    focusOn(rules.length > 1 ? `[data-rule="${Math.max(0, index - 1)}"] [data-head]` : "[data-add]");
  }
  function move(index: number, by: number): void {
    const to = index + by;
    if (to < 0 || to >= rules.length) return;
    onChange(moved(rules, index, to), "moved");
    setOpen(open === index ? to : open === to ? index : open);
    setTold(t("rule_cards.moved", { place: to + 1, of: rules.length }));
    focusOn(`[data-rule="${to}"] [data-head]`);
  }
  function onKeyDown(event: KeyboardEvent, index: number): void {
    if (!props.ordered || !event.altKey) return;
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    move(index, by);
  }
  return (
    <Stack gap="sm">
      {rules.length > 0 && (
        <ol
          className={classes.list}
          ref={list}
          data-testid={props.testId}
          data-timeline={!props.ordered || undefined}
        >
          {rules.map((rule, index) => {
            const name = props.nameOf(rule, index);
            const isOpen = open === index;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule's id is edited here, its place is what stays
              <li key={index} className={classes.card} data-rule={index} data-open={isOpen || undefined}>
                <div className={classes.head}>
                  <UnstyledButton
                    data-head
                    className={classes.sentence}
                    aria-expanded={isOpen}
                    onClick={() => setOpen(isOpen ? undefined : index)}
                    onKeyDown={(event) => onKeyDown(event, index)}
                  >
                    <IconChevronDown size={17} aria-hidden="true" className={classes.chevron} />
                    <Text size="sm" component="span">
                      {props.sentenceOf(rule, index)}
                    </Text>
                  </UnstyledButton>
                  <Group gap={0} wrap="nowrap" style={{ flex: "none" }}>
                    {props.ordered && rules.length > 1 && (
                      <>
                        <Tooltip label={t("rule_cards.up_hint")}>
                          <ActionIcon
                            aria-label={t("rule_cards.up", { name })}
                            disabled={index === 0}
                            onClick={() => move(index, -1)}
                          >
                            <IconArrowUp size={16} />
                          </ActionIcon>
                        </Tooltip>
                        <Tooltip label={t("rule_cards.down_hint")}>
                          <ActionIcon
                            aria-label={t("rule_cards.down", { name })}
                            disabled={index === rules.length - 1}
                            onClick={() => move(index, 1)}
                          >
                            <IconArrowDown size={16} />
                          </ActionIcon>
                        </Tooltip>
                      </>
                    )}
                    <ActionIcon aria-label={`${t("common.remove")}: ${name}`} onClick={() => remove(index)}>
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </div>
                {props.beside?.(rule, index, isOpen)}
                {isOpen && (
                  <div data-body className={classes.body}>
                    {props.body(rule, index, (next) =>
                      onChange(
                        rules.map((other, at) => (at === index ? next : other)),
                        "changed",
                      ),
                    )}
                  </div>
                )}
              </li>
            );
          })}
        </ol>
      )}
      <Button
        data-add
        variant="light"
        size="xs"
        leftSection={<IconPlus size={15} />}
        disabled={rules.length >= props.most}
        onClick={add}
        style={{ alignSelf: "flex-start" }}
      >
        {props.addLabel}
      </Button>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </Stack>
  );
}
