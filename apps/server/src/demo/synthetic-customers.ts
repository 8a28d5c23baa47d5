import { type Clock, type Disposable, Disposables, type Random } from "@svara/kernel";
import type { SoftPhone } from "@svara/telephony";
import type { Voices } from "./voices.ts";

/** A number that customers call, and how many of a hundred call it. */
export interface DialledNumber {
  readonly number: string;
  readonly language: string;
  readonly share: number;
}

export interface SyntheticCustomersDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly phone: SoftPhone;
  readonly voices: Voices;
  readonly numbers: readonly DialledNumber[];
  readonly callsPerHour: number;
}

/** A few in a hundred lose patience before anybody comes. */
const IMPATIENT = 0.07;
const LONGEST_CALL_MS = 300_000;
/** So many different people call; most have called before. */
const PEOPLE = 120;

/** People made of software who call in at random instants (a Poisson process), speak, wait, and sometimes give up. */
export class SyntheticCustomers implements Disposable {
  readonly #deps: SyntheticCustomersDeps;
  readonly #open = new Disposables();
  /** How long each caller has patience. */
  readonly #limits = new Set<Disposable>();
  #nextCall: Disposable | undefined;
  #calls = 0;

  constructor(deps: SyntheticCustomersDeps) {
    this.#deps = deps;
  }

  /** Calls that are going on. */
  get calls(): number {
    return this.#calls;
  }

  /** Begins with `atOnce` calls so that a newcomer sees life, then goes on by chance. */
  start(atOnce: number): void {
    for (let i = 0; i < atOnce; i++)
      this.#open.add(this.#deps.clock.after(i * 700, () => void this.callOnce()));
    this.#next();
  }

  dispose(): void {
    this.#open.dispose();
    this.#nextCall?.dispose();
    for (const limit of this.#limits) limit.dispose();
  }

  /** One customer calls; `number` where it matters which. Resolves when the call is over. */
  async callOnce(number?: string): Promise<void> {
    const { phone, random, voices, clock, numbers } = this.#deps;
    const goal = numbers.find((n) => n.number === number) ?? this.#chooseNumber();
    const person = Math.floor(random.next() * PEOPLE);
    this.#calls++;
    let limit: Disposable | undefined;
    try {
      const call = await phone.call(goal.number, {
        from: phoneNumberOf(person, goal.language),
        timeoutMs: 120_000,
      });
      const patienceMs = random.next() < IMPATIENT ? 12_000 + random.next() * 25_000 : LONGEST_CALL_MS;
      limit = clock.after(patienceMs, () => call.hangup());
      await call.whenAnswered();
      await call.say(voices.customer(random, goal.language), true);
      await call.whenEnded();
    } catch {
      // Refused or unanswered: customers meet that, and so may these.
    } finally {
      limit?.dispose();
      this.#calls--;
    }
  }

  #next(): void {
    const { clock, random, callsPerHour } = this.#deps;
    if (callsPerHour <= 0 || this.#open.disposed) return;
    const gapMs = (-Math.log(1 - random.next()) * 3_600_000) / callsPerHour;
    this.#nextCall = clock.after(gapMs, () => {
      void this.callOnce();
      this.#next();
    });
  }

  #chooseNumber(): DialledNumber {
    const { numbers, random } = this.#deps;
    const total = numbers.reduce((sum, n) => sum + n.share, 0);
    let at = random.next() * total;
    for (const number of numbers) {
      at -= number.share;
      if (at < 0) return number;
    }
    return numbers[0] ?? { number: "100", language: "en", share: 1 };
  }
}

/** A number from the ranges that are kept for fiction: Ofcom's +44 7700 900 and PTS's +46 70 174 06. */
export function phoneNumberOf(person: number, language: string): string {
  if (language === "sv") return `+4670174${String(600 + (person % 100)).padStart(4, "0")}`;
  return `+447700900${String(person % 1000).padStart(3, "0")}`;
}
