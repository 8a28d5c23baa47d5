import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { FindingNote } from "../../findings/finding-note.tsx";
import { saidAt } from "../../findings/finding-words.ts";
import { useQueueEditor } from "../editor-context.ts";

/** A section: its question, a plain sentence about it, then its fields. */
export function SectionFrame(props: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <Stack gap="md">
      <div>
        <Title order={2}>{props.title}</Title>
        <Text size="sm" c="dimmed" maw={640}>
          {props.text}
        </Text>
      </div>
      {props.children}
    </Stack>
  );
}

/** A part of a section with a heading of its own. */
export function SubSection(props: {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}) {
  return (
    <Stack gap="sm" pt="md" style={{ borderTop: "1px solid var(--sv-line)" }}>
      <div>
        <Title order={3}>{props.title}</Title>
        {props.text !== undefined && (
          <Text size="sm" c="dimmed" maw={640}>
            {props.text}
          </Text>
        )}
      </div>
      {props.children}
    </Stack>
  );
}

/** What the check found at a field and below it; faults of conditions not where the condition itself shows them. */
export function FieldFindings({ at, isOpen = false }: { readonly at: string; readonly isOpen?: boolean }) {
  const said = saidAt(useQueueEditor().findings, at).filter(
    ({ code }) => !isOpen || !(code === "bad_expression" || code.startsWith("expression.")),
  );
  if (said.length === 0) return null;
  return (
    <Stack gap={6} data-finding-at={at} tabIndex={-1}>
      {said.map((each) => (
        <FindingNote key={`${each.code} ${each.field} ${each.means}`} said={each} />
      ))}
    </Stack>
  );
}
