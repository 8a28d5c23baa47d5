import type { LineQuality } from "@svara/contracts";
import type { LegQuality } from "@svara/telephony";

/** Below 3.6 many users are dissatisfied, from 4.0 they are satisfied (ITU-T G.107 annex B, at R 70 and 80). */
const FAIR_MOS = 3.6;
const GOOD_MOS = 4;

/** How a line sounds, by the worse of both directions. */
export function lineQuality({ mos, remoteMos = mos }: Pick<LegQuality, "mos" | "remoteMos">): LineQuality {
  const worse = Math.min(mos, remoteMos);
  if (worse >= GOOD_MOS) return "good";
  return worse >= FAIR_MOS ? "fair" : "poor";
}
