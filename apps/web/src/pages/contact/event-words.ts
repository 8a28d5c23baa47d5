import type { ContactDetail } from "@svara/contracts";

type Event = ContactDetail["events"][number];

/** How a story is told: `word` is a key of the catalogue below `ledger`, `who` the one beside the agent that it names. */
export interface EventWords {
  readonly word: string;
  readonly who: string | undefined;
}

/** Names of everybody that the contact knows, by id: payloads carry ids alone. */
export function namesIn(detail: Pick<ContactDetail, "segments" | "legs" | "events">): Map<string, string> {
  const names = new Map<string, string>();
  for (const { agent } of [...detail.segments, ...detail.legs, ...detail.events])
    if (agent) names.set(agent.id, agent.name);
  return names;
}

/** The words of an event; where the payload makes another thing of it, other words. */
export function eventWords(event: Event, names: ReadonlyMap<string, string>): EventWords {
  const text = (name: string): string | undefined => {
    const value = event.details[name];
    return typeof value === "string" ? value : undefined;
  };
  const nameOf = (key: string): string | undefined => {
    const id = text(key);
    return id === undefined ? undefined : names.get(id);
  };
  const plain = event.type.replace(".", "_");
  switch (event.type) {
    case "monitor.started":
    case "monitor.changed":
      return { word: `monitor_${text("mode") ?? "listen"}`, who: nameOf("supervisorId") };
    case "monitor.ended":
      return { word: plain, who: nameOf("supervisorId") };
    case "conference.joined":
      return { word: text("party") === "external" ? "conference_joined_number" : plain, who: undefined };
    case "conference.left":
      return {
        word: { dropped: "conference_dropped", lost: "conference_lost" }[text("reason") ?? ""] ?? plain,
        who: undefined,
      };
    case "park.ended":
      return {
        word:
          { picked_up: "park_fetched", timed_out: "park_returned", customer_ended: "park_hung_up" }[
            text("reason") ?? ""
          ] ?? plain,
        who: undefined,
      };
    case "contact.taken_over":
    case "call.picked_up":
      return { word: plain, who: nameOf("fromAgentId") };
    case "transfer.cancelled":
      return { word: text("reason") === "merged" ? "transfer_merged" : plain, who: undefined };
    case "leg.moved":
      return { word: `leg_moved_${text("way") === "to" ? "to" : "from"}`, who: undefined };
    default:
      return { word: plain, who: undefined };
  }
}

/** Whether the words tell the payload already, so that no word of it needs to be added. */
export function tellsAll(type: string): boolean {
  return /^(monitor|conference|park|call)\.|^contact\.taken_over|^transfer\.cancelled/.test(type);
}
