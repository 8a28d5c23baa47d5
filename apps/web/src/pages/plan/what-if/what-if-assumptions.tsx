import { Button, Code, Collapse, CopyButton, Group, Text, Title } from "@mantine/core";
import type { WhatIfResult } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./what-if.module.css";

/** What the simulation takes for granted, in words, and the rules file that it ran with. */
export function WhatIfAssumptions({ result }: { readonly result: WhatIfResult }) {
  const { t, i18n } = useTranslation();
  const [showsRules, setShowsRules] = useState(false);
  const file = result.rulesFile ? JSON.stringify(result.rulesFile, null, 2) : null;
  const words = ({ code, params, text }: WhatIfResult["assumptions"][number]): string => {
    const word = code === "patience_fitted" ? `${code}_${params.method}` : code;
    const key = `plan.what_if.assumes.${word}`;
    return i18n.exists(key) ? String(t(key as never, spoken(params) as never)) : text;
  };
  return (
    <section className={`sv-surface ${classes.block}`}>
      <Title order={3}>{t("plan.what_if.assumptions")}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("plan.what_if.assumptions_text")}
      </Text>
      <ul className={classes.words}>
        {result.assumptions.map((assumption) => (
          <li key={`${assumption.code}-${JSON.stringify(assumption.params)}`}>{words(assumption)}</li>
        ))}
      </ul>
      {file !== null && (
        <>
          <Group mt="md" gap="xs">
            <Button
              size="xs"
              variant="default"
              aria-expanded={showsRules}
              onClick={() => setShowsRules(!showsRules)}
            >
              {t("plan.what_if.rules_file")}
            </Button>
            <CopyButton value={file}>
              {({ copied, copy }) => (
                <Button size="xs" variant="subtle" onClick={copy}>
                  {copied ? t("common.copied") : t("common.copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Collapse expanded={showsRules}>
            <Code block className={classes.code} mt="xs">
              {file}
            </Code>
          </Collapse>
        </>
      )}
    </section>
  );
}

/** Times in seconds, as the sentences say them. */
function spoken(params: Readonly<Record<string, string | number | null>>): Record<string, string | number> {
  const words: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value === null) continue;
    if (name === "meanMs" && typeof value === "number") words.mean = Math.round(value / 1000);
    else words[name] = value;
  }
  return words;
}
