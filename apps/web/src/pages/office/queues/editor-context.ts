import type { UseFormReturnType } from "@mantine/form";
import type { QueueDraft, QueueRouting, RoutingRules } from "@svara/contracts";
import { createContext, useContext } from "react";
import type { Said } from "../findings/finding-words.ts";
import type { Section } from "./queue-draft.ts";
import type { Wording } from "./queue-words.ts";

/** What the sections of the queue editor share. */
export interface QueueEditor {
  readonly form: UseFormReturnType<QueueDraft>;
  readonly values: QueueDraft;
  readonly queueId: string | undefined;
  readonly wording: Wording;
  readonly findings: readonly Said[];
  /** How the centre chooses work; undefined until known. */
  readonly workStrategy: RoutingRules["workStrategy"] | undefined;
  /** The field that the page was opened for. */
  readonly field: string | null;
  readonly setRouting: (changes: Partial<QueueRouting>) => void;
  /** Keeps what is there now, so that adding, moving or removing can be undone. */
  readonly remember: () => void;
  readonly go: (section: Section) => void;
}

const EditorContext = createContext<QueueEditor | undefined>(undefined);
export const EditorProvider = EditorContext.Provider;

export function useQueueEditor(): QueueEditor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("useQueueEditor outside the queue editor");
  return editor;
}

/** The place in a list that the page was opened for, as in `routing.overflow.2.when`. */
export function placeIn(field: string | null, list: string): number | undefined {
  const place = field?.startsWith(`${list}.`)
    ? Number(field.slice(list.length + 1).split(".")[0])
    : Number.NaN;
  return Number.isInteger(place) ? place : undefined;
}
