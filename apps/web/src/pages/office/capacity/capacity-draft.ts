import { type api, medium } from "@svara/contracts";
import type { DraftOf } from "../entity/crud.ts";

export type CapacityDraft = DraftOf<typeof api.capacityProfiles>;
export type Medium = keyof CapacityDraft["slots"];

/** All media, in the order in which they are shown. */
export const MEDIA: readonly Medium[] = medium.options;

/** The most of a medium that the contract allows at once. */
export const MOST: Readonly<Record<Medium, number>> = {
  voice: 1,
  video: 1,
  chat: 20,
  message: 50,
  email: 50,
  fax: 50,
  letter: 50,
  task: 50,
};

/** A profile to begin with: one call, or three chats. */
export function blankProfile(): CapacityDraft {
  return { name: "", slots: { voice: 1, chat: 3 }, apart: [["voice", "chat"]], interrupts: {} };
}

/** Another number of a medium; what spoke of a medium that is gone goes with it. */
export function withSlots(draft: CapacityDraft, medium: Medium, count: number): CapacityDraft {
  const { [medium]: _, ...others } = draft.slots;
  if (count > 0) return { ...draft, slots: { ...others, [medium]: count } };
  const interrupts: Partial<Record<Medium, Medium[]>> = {};
  for (const [by, aside] of entries(draft.interrupts)) {
    const left = aside.filter((each) => each !== medium);
    if (by !== medium && left.length > 0) interrupts[by] = left;
  }
  return {
    ...draft,
    slots: others,
    apart: (draft.apart ?? [])
      .map((set) => set.filter((each) => each !== medium))
      .filter((set) => set.length > 1),
    interrupts,
  };
}

/** Another set of media that a medium may set aside; none takes the medium out. */
export function withInterrupts(draft: CapacityDraft, by: Medium, aside: Medium[]): CapacityDraft {
  const { [by]: _, ...others } = draft.interrupts ?? {};
  return { ...draft, interrupts: aside.length === 0 ? others : { ...others, [by]: aside } };
}

function entries(interrupts: CapacityDraft["interrupts"]): [Medium, Medium[]][] {
  return Object.entries(interrupts ?? {}) as [Medium, Medium[]][];
}
