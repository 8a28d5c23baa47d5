import { Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { LANGUAGES, type Language } from "@svara/contracts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Wordmark } from "../../brand/logo.tsx";
import { changeLanguage } from "../../i18n/i18n.ts";
import classes from "./front-door.module.css";

/** The frame of what is seen before anybody is signed in. */
export function FrontDoor(props: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  return (
    <main className={classes.door}>
      <div className={classes.column}>
        <Wordmark size={38} />
        <Paper className={classes.card} withBorder>
          <Title order={1}>{props.title}</Title>
          <Text c="dimmed" size="sm" mt={4} mb="lg">
            {props.text}
          </Text>
          <Stack gap="md">{props.children}</Stack>
        </Paper>
        <SegmentedControl
          size="xs"
          aria-label={t("shell.language")}
          value={i18n.language}
          onChange={(value) => void changeLanguage(value as Language)}
          data={LANGUAGES.map((language) => ({ value: language, label: language.toUpperCase() }))}
        />
      </div>
    </main>
  );
}
