import type { PhoneAccount } from "../load/desk-phones.ts";
import type { CallSystem, LineKind, Surroundings } from "../telephony/call-system.ts";
import { BenchCentre, servedNumber, waitingNumber } from "./bench-centre.ts";
import type { Cost } from "./process-cost.ts";
import { ServerProcess } from "./server-process.ts";

/** Svara as a user has it, with a centre built through its API. */
export class SvaraSystem implements CallSystem {
  readonly name = "Svara";
  readonly phones: readonly PhoneAccount[];
  readonly #server: ServerProcess;
  readonly #centre: BenchCentre;

  private constructor(server: ServerProcess, centre: BenchCentre, phones: readonly PhoneAccount[]) {
    this.#server = server;
    this.#centre = centre;
    this.phones = phones;
  }

  static async start(around: Surroundings, profileDir: string | undefined): Promise<SvaraSystem> {
    const profile = profileDir === undefined ? {} : { profileDir };
    const server = await ServerProcess.start({ sipPort: around.sip.port, ...profile });
    try {
      const centre = await BenchCentre.build(server.baseUrl, server.firstRunToken);
      return new SvaraSystem(server, centre, await centre.hire(around.agents));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async line(kind: LineKind): Promise<string | null> {
    if (kind === "waiting") return waitingNumber;
    if (kind === "room") return null;
    await this.#centre.record(kind === "recorded");
    return servedNumber;
  }

  open(): Promise<void> {
    return this.#centre.open();
  }

  cost(): Cost {
    return this.#server.cost();
  }

  helpersCost(): Cost {
    return this.#server.databaseCost();
  }

  signallingCost(): Cost {
    return this.#server.mainThreadCost();
  }

  get residentMb(): number {
    return this.#server.residentMb;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
