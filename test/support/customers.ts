import { api, type ContactSummary } from "@svara/contracts";
import type { TestCentre } from "./centre.ts";
import { LineAudio } from "./line-audio.ts";
import { Sipp } from "./sipp.ts";
import { TONES } from "./tones.ts";
import { waitFor } from "./wait-for.ts";

/** Customers who call by SIPp, each with a number of their own, from the range that PTS keeps for fiction. */
export class Customers {
  readonly #sip: { readonly host: string; readonly port: number };
  readonly #open: LineAudio[] = [];
  #count = 0;

  constructor(sip: { readonly host: string; readonly port: number }) {
    this.#sip = sip;
  }

  async call(number: string): Promise<Customer> {
    const audio = await LineAudio.open(TONES.customer);
    this.#open.push(audio);
    const from = `+4670174${String(600 + this.#count++).padStart(4, "0")}`;
    const sipp = await Sipp.start({
      scenario: "customer",
      server: this.#sip,
      number,
      from,
      mediaPort: audio.port,
    });
    return new Customer(from, sipp, audio);
  }

  async close(): Promise<void> {
    for (const audio of this.#open) await audio.close();
  }
}

/** One customer on the line. */
export class Customer {
  readonly number: string;
  readonly audio: LineAudio;
  readonly #sipp: Sipp;

  constructor(number: string, sipp: Sipp, audio: LineAudio) {
    this.number = number;
    this.#sipp = sipp;
    this.audio = audio;
  }

  async hangUp(): Promise<void> {
    await this.#sipp.nudge();
    await this.#sipp.done();
  }

  /** Resolves when the other side has hung up. */
  gone(): Promise<void> {
    return this.#sipp.done();
  }

  /** The customer's contact, as soon as there is one. */
  contact(centre: TestCentre): Promise<ContactSummary> {
    return waitFor(`the contact of ${this.number}`, () => this.#find(centre));
  }

  /** The customer's contact when it is closed. */
  closed(centre: TestCentre): Promise<ContactSummary> {
    return waitFor(`the contact of ${this.number} is closed`, async () => {
      const contact = await this.#find(centre);
      return contact?.outcome && contact.endedAt !== null ? contact : undefined;
    });
  }

  async #find(centre: TestCentre): Promise<ContactSummary | undefined> {
    const { items } = await centre.admin.call(api.contacts.list, { query: {} });
    return items.find(({ remoteNumber }) => remoteNumber === this.number);
  }
}
