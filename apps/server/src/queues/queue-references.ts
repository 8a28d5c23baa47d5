import type { QueueDraft } from "@svara/contracts";
import type { Reference } from "../office/office-kind.ts";
import { listReferences, optionalReference } from "../office/own-client.ts";

type SkillNeeds = QueueDraft["requiredSkills"];
type Asked = { readonly groupIds?: unknown; readonly siteIds?: unknown };

/** Everything that a queue's routing names. */
export function routingReferences({ routing }: QueueDraft): readonly Reference[] {
  return [
    ...listReferences("skill", "routing.preferredSkillIds", routing.preferredSkillIds),
    ...placeReferences("routing", routing),
    ...routing.steps.flatMap((step, index) => [
      ...skillReferences(`routing.steps.${index}.skills`, step.skills ?? []),
      ...placeReferences(`routing.steps.${index}`, step),
    ]),
    ...routing.criteria.flatMap((criterion, index) => [
      ...skillReferences(`routing.criteria.${index}.requiredSkills`, criterion.requiredSkills ?? []),
      ...listReferences(
        "skill",
        `routing.criteria.${index}.preferredSkillIds`,
        criterion.preferredSkillIds ?? [],
      ),
    ]),
    ...routing.overflow.flatMap(({ to }, index) => targetReferences(`routing.overflow.${index}.to`, to)),
    ...optionalReference("hours", "routing.hoursId", routing.hoursId),
    ...listReferences("queue", "routing.blend.protects", routing.blend?.protects ?? []),
  ];
}

/** The skills of a list of needs. */
export function skillReferences(field: string, needs: SkillNeeds): readonly Reference[] {
  return needs.map(({ skillId }, index) => ({
    kind: "skill",
    id: skillId,
    field: `${field}.${index}.skillId`,
  }));
}

function placeReferences(field: string, { groupIds, siteIds }: Asked): readonly Reference[] {
  return [
    ...listReferences("team", `${field}.groupIds`, idsOf(groupIds)),
    ...listReferences("site", `${field}.siteIds`, idsOf(siteIds)),
  ];
}

function targetReferences(
  field: string,
  to: QueueDraft["routing"]["overflow"][number]["to"],
): readonly Reference[] {
  switch (to.kind) {
    case "queue":
      return [{ kind: "queue", id: to.queueId, field: `${field}.queueId` }];
    case "sites":
      return listReferences("site", `${field}.siteIds`, to.siteIds);
    case "message":
      return optionalReference("prompt", `${field}.promptId`, to.promptId);
    case "voicemail":
    case "hang_up":
    case "callback":
      return [];
  }
}

function idsOf(ids: unknown): readonly string[] {
  return Array.isArray(ids) ? (ids as readonly string[]) : [];
}
