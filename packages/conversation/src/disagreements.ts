import type { ConversationSnapshot } from "./state.ts";

/** Where the parts of an open conversation contradict each other. */
export function disagreements(state: ConversationSnapshot): string[] {
  const { place, side, handlers, legs, recording } = state;
  const found: string[] = [];
  const inMain = Object.values(legs).filter((leg) => leg.bridge === "main" && leg.role !== "supervisor");
  if (place.at === "talk") {
    const partner = place.with.kind === "agent" ? handlers[place.with.agentId]?.legId : place.with.legId;
    const together = [place.legId, partner].every((id) => inMain.some((leg) => leg.legId === id));
    if (!together || inMain.length !== 2)
      found.push("the customer talks, but not in the bridge with the partner");
  } else if (place.at === "conference") {
    const there = [place.legId, ...presentIn(state)];
    if (there.length !== inMain.length || !there.every((id) => inMain.some((leg) => leg.legId === id)))
      found.push("not everybody of the conference is in the bridge, or somebody else is");
  } else if ("legId" in place && inMain.some((leg) => leg.legId === place.legId)) {
    // what the called network plays before its answer is heard by whoever waits for it
    const early = inMain.some((leg) => leg.early && leg.state === "dialing");
    const self = place.at === "dialing" && legs[place.legId]?.early;
    if (!early && !self) found.push(`the customer is in the bridge while ${place.at}`);
  }
  found.push(...wrongMonitors(state));
  if (place.at === "conference" && !state.conference) found.push("a conference of nobody");
  const conferenced = Object.values(handlers).filter((h) => h.state === "conferenced").length;
  const held = place.at === "hold" || place.at === "conference";
  if (conferenced > 0 && !held) found.push(`agents in conference while ${place.at}`);
  if (side) {
    if (!["none", "hold", "talk", "detached", "gone"].includes(place.at))
      found.push(`a consultation while ${place.at}`);
    const asker = handlers[side.asker]?.state;
    const expected = side.internal
      ? ["ringing", "dialing", "talking"]
      : side.state === "parked"
        ? ["talking", "detached"]
        : ["consulting", "detached"];
    if (!expected.includes(asker ?? "absent")) found.push(`the asking agent is ${asker} in ${side.state}`);
  }
  const talks = (place.at === "talk" && place.with.kind === "agent") || place.at === "conference";
  const running = talks && recording?.agentPaused === false;
  // on hold the settings decide
  if (recording && place.at !== "hold" && recording.running !== running)
    found.push(`recording while ${place.at}`);
  const rings = Object.values(handlers).some((h) => h.state === "ringing");
  if (place.at === "gone" && rings && !side) found.push("an agent rings for a customer who is gone");
  const known = new Set(
    [
      ...Object.values(handlers).flatMap((h) => [h.legId, h.moving]),
      ...Object.values(state.monitors).map((monitor) => monitor.legId),
      ...(state.conference?.parties ?? []).map((party) =>
        party.kind === "external" ? party.legId : undefined,
      ),
      "legId" in place ? place.legId : undefined,
      place.at === "talk" && place.with.kind === "external" ? place.with.legId : undefined,
      place.at === "transferring" ? place.transfer.ringing : undefined,
      side?.other?.legId,
    ].filter((id) => id !== undefined),
  );
  for (const leg of Object.values(legs))
    if (leg.state !== "hung" && leg.state !== "ended" && !known.has(leg.legId))
      found.push(`nobody answers for leg ${leg.legId}`);
  return found;
}

/** The legs of the parties that are on the line in the conference. */
function presentIn({ conference, handlers, legs }: ConversationSnapshot): string[] {
  return (conference?.parties ?? []).flatMap((party) => {
    if (party.kind === "external") return legs[party.legId]?.state === "up" ? [party.legId] : [];
    const handler = handlers[party.agentId];
    return handler?.state === "conferenced" && handler.legId ? [handler.legId] : [];
  });
}

/** Supervisors who are not where the agent's leg is, or have another voice than their mode gives them. */
function wrongMonitors({ monitors, handlers, legs }: ConversationSnapshot): string[] {
  const roles = { listen: "listen", whisper: "whisper", barge: "talk" } as const;
  return Object.values(monitors).flatMap(({ supervisorId, agentId, legId, mode }) => {
    const leg = legs[legId];
    if (leg?.state !== "up") return [];
    const agent = handlers[agentId];
    if (agent === undefined) return [`${supervisorId} monitors nobody`];
    const heard = agent.legId && legs[agent.legId]?.bridge;
    if (leg.bridge !== heard) return [`${supervisorId} is not where ${agentId} is`];
    return heard && leg.bridgeRole?.type !== roles[mode] ? [`${supervisorId} is no ${mode}`] : [];
  });
}
