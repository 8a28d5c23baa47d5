import { Text, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Said } from "./finding-words.ts";
import classes from "./findings.module.css";

/** One finding: its kind by word, shape and colour, what it means, and what to do. */
export function FindingNote({ said }: { readonly said: Said }) {
  const { t } = useTranslation();
  const SeverityIcon = said.severity === "error" ? IconCircleX : IconAlertTriangle;
  return (
    <div className={classes.note} data-severity={said.severity} data-code={said.code}>
      <SeverityIcon size={17} aria-hidden="true" className={classes.icon} />
      <div style={{ minWidth: 0 }}>
        <Text size="sm">
          <strong>{t(`findings.${said.severity}`)}:</strong> {said.means}
        </Text>
        {said.todo !== "" && (
          <Text size="sm" c="dimmed">
            {said.todo}
          </Text>
        )}
      </div>
    </div>
  );
}

/** How many errors and warnings there are, in a few characters; nothing when there are none. */
export function FindingCount({ said }: { readonly said: readonly { readonly severity: string }[] }) {
  const { t } = useTranslation();
  const errors = said.filter(({ severity }) => severity === "error").length;
  const warnings = said.length - errors;
  if (said.length === 0) return null;
  return (
    <span className={classes.counts}>
      {errors > 0 && (
        <span className={classes.count} data-severity="error">
          <IconCircleX size={15} aria-hidden="true" />
          <span aria-hidden="true">{errors}</span>
          <VisuallyHidden>{t("findings.errors", { count: errors })}</VisuallyHidden>
        </span>
      )}
      {warnings > 0 && (
        <span className={classes.count} data-severity="warning">
          <IconAlertTriangle size={15} aria-hidden="true" />
          <span aria-hidden="true">{warnings}</span>
          <VisuallyHidden>{t("findings.warnings", { count: warnings })}</VisuallyHidden>
        </span>
      )}
    </span>
  );
}
