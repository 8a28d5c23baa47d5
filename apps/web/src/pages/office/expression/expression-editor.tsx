import { Anchor, Button, Code, Collapse, Group, Stack, Text, Textarea, UnstyledButton } from "@mantine/core";
import { ROUTING_FACTS, type RoutingFactName } from "@svara/contracts";
import { IconAlertCircle, IconBook2, IconCircleCheck } from "@tabler/icons-react";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { conditionProblems, markColumn } from "./check-condition.ts";
import classes from "./expression-editor.module.css";
import { expressionProblemText } from "./expression-words.ts";
import { insertCondition, snippetFor } from "./insert-fact.ts";

const EXAMPLES = [
  { key: "gold", text: 'customer.value == "gold" && contacts.last30 > 3' },
  { key: "language", text: 'item.language in ["sv", "uk"]' },
  { key: "night", text: "time.hour >= 22 || time.hour < 6" },
  { key: "again", text: "customer.known && contacts.lastAbandoned" },
] as const;

/** A condition over the facts of a contact: checked while it is written, with everything that can be asked at hand. */
export function ExpressionEditor(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const { value, onChange } = props;
  const [help, setHelp] = useState(value === "");
  const area = useRef<HTMLTextAreaElement>(null);
  const saysId = useId();
  const helpId = useId();
  const [problem] = conditionProblems(value);

  function put(text: string): void {
    const cursor = area.current?.selectionStart ?? value.length;
    const next = insertCondition(value, cursor, text);
    onChange(next.text);
    setTimeout(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.cursor, next.cursor);
    });
  }
  return (
    <Stack gap={6}>
      <Textarea
        ref={area}
        label={props.label}
        description={props.description}
        minRows={2}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        placeholder={EXAMPLES[0].text}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={problem !== undefined}
        aria-describedby={saysId}
      />
      <div id={saysId} role="status">
        {problem && (
          <ProblemMark text={value} column={problem.column} says={expressionProblemText(problem, i18n)} />
        )}
        {!problem && value.trim() !== "" && (
          <Group gap={6} c="var(--sv-state-available)" wrap="nowrap">
            <IconCircleCheck size={16} aria-hidden="true" />
            <Text size="xs">{t("expression.good")}</Text>
          </Group>
        )}
      </div>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconBook2 size={15} />}
        aria-expanded={help}
        aria-controls={helpId}
        onClick={() => setHelp(!help)}
        style={{ alignSelf: "flex-start" }}
      >
        {t("expression.help")}
      </Button>
      <Collapse expanded={help} id={helpId}>
        <ExpressionHelp onInsert={put} />
      </Collapse>
    </Stack>
  );
}

function ProblemMark({
  text,
  column,
  says,
}: {
  readonly text: string;
  readonly column: number;
  readonly says: string;
}) {
  const { t } = useTranslation();
  const { line, caret } = markColumn(text, column);
  return (
    <Stack gap={4} c="var(--sv-state-trouble)">
      <pre className={classes.mark} aria-hidden="true">
        {line}
        {"\n"}
        {caret}
      </pre>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <IconAlertCircle size={16} aria-hidden="true" style={{ flex: "none", marginTop: 1 }} />
        <Text size="xs">{t("expression.problem_at", { column, says })}</Text>
      </Group>
    </Stack>
  );
}

/** Examples to begin with, and every fact with its meaning; each is put in by a click. */
function ExpressionHelp({ onInsert }: { readonly onInsert: (snippet: string) => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" className={classes.help}>
      <div>
        <Text size="xs" fw={600} mb={4}>
          {t("expression.examples")}
        </Text>
        {EXAMPLES.map((example) => (
          <UnstyledButton key={example.key} className={classes.row} onClick={() => onInsert(example.text)}>
            <Code>{example.text}</Code>
            <Text size="xs" c="dimmed">
              {t(`expression.example_${example.key}`)}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      <div>
        <Text size="xs" fw={600} mb={4}>
          {t("expression.facts")}
        </Text>
        {(Object.keys(ROUTING_FACTS) as RoutingFactName[]).map((name) => (
          <FactRow key={name} name={name} onInsert={onInsert} />
        ))}
      </div>
      <Text size="xs" c="dimmed">
        {t("expression.missing")}
      </Text>
    </Stack>
  );
}

function FactRow({
  name,
  onInsert,
}: {
  readonly name: RoutingFactName;
  readonly onInsert: (snippet: string) => void;
}) {
  const { t } = useTranslation();
  const { type } = ROUTING_FACTS[name];
  const values = typeof type === "object" ? type.oneOf : [];
  return (
    <div className={classes.fact}>
      <UnstyledButton className={classes.row} onClick={() => onInsert(snippetFor(name, type))}>
        <Code>{name}</Code>
        <Text size="xs" c="dimmed">
          {t(`fact.${factKey(name)}`)}
        </Text>
      </UnstyledButton>
      {values.length > 0 && (
        <Group gap={6} pl={8}>
          {values.map((value) => (
            <Anchor
              key={value}
              component="button"
              type="button"
              size="xs"
              aria-label={`${name} == "${value}"`}
              onClick={() => onInsert(`${name} == "${value}"«»`)}
            >
              {value}
            </Anchor>
          ))}
        </Group>
      )}
    </div>
  );
}

type FactKey<N extends string> = N extends `${infer A}.${infer B}` ? `${A}_${B}` : N;

/** Dots separate levels in the catalogue. */
function factKey<N extends RoutingFactName>(name: N): FactKey<N> {
  return name.replace(".", "_") as FactKey<N>;
}
