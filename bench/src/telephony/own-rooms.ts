import type { HostAsk } from "../browsers/browser-command.ts";
import { HelperProcess } from "../browsers/helper-process.ts";
import { sleep } from "../cases/bench-case.ts";
import { LoadGenerator } from "../load/load-generator.ts";
import { roomSize } from "../load/media-ports.ts";
import { audioPortOf, sdp } from "../load/sip-text.ts";
import { costOf, residentMb } from "../server/process-cost.ts";
import type { CallSystem } from "./call-system.ts";
import { climbBy, type LadderSize, type Level } from "./ladder.ts";

/** Our conferences, on a media host in a process of its own: the same load without the signalling. */
export async function ownRooms(size: LadderSize, say: (line: string) => void): Promise<readonly Level[]> {
  const host = new HelperProcess<HostAsk>(new URL("../browsers/host-process.ts", import.meta.url));
  const load = await LoadGenerator.start({ host: "127.0.0.1", port: 9 });
  let members = 0;
  const join = async (): Promise<void> => {
    const room = Math.floor(members / roomSize);
    const { port } = await load.ask("port", {});
    const answer = (await host.ask({ kind: "room", leg: members, room, sdp: sdp(port) })) as string;
    const serverPort = audioPortOf({ status: 200, method: "INVITE", text: answer });
    await load.ask("attach", { port, serverPort, speech: { room, bursts: members % roomSize === 0 } });
    members++;
  };
  try {
    return await climbBy({ system: alone(host), load, say }, "in rooms", size, async (calls) => {
      for (let n = 0; n < calls; n++) {
        await join();
        await sleep(1000 / size.perSecond);
      }
      return calls;
    });
  } finally {
    load.stop();
    host.stop();
  }
}

/** A media host as far as a ladder looks at it. */
function alone(host: HelperProcess<HostAsk>): CallSystem {
  return {
    name: "Svara's media host",
    phones: [],
    line: () => Promise.resolve(null),
    open: () => Promise.resolve(),
    cost: () => costOf([host.pid]),
    helpersCost: () => costOf([]),
    signallingCost: () => null,
    get residentMb() {
      return residentMb(host.pid);
    },
    stop: () => Promise.resolve(),
  };
}
