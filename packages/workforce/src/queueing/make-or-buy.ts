import { agentsFor, headcountOf, type QueueDemand, type StaffingTargets } from "./agents-for.ts";
import { badInput, numberIn, rateIn } from "./input.ts";

/** Money is in the smallest unit of any one currency (cents), whole; months' amounts are rounded to it. */
export interface MakeOrBuyInput {
  /** The kinds of hours in a month, such as 22 busy ones of 300 calls and 150 quiet ones of 80. */
  readonly hours: readonly { readonly hoursPerMonth: number; readonly lambdaPerHour: number }[];
  readonly ahtS: number;
  readonly patience?: QueueDemand["patience"];
  /** Both ways reach the same service. */
  readonly targets: StaffingTargets;
  readonly own: OwnCentre;
  readonly outsourcer: Outsourcer;
  /** 36 when absent. */
  readonly months?: number;
  /** Of the volume, a month; 0.01 is one per cent. 0 when absent. */
  readonly growthPerMonth?: number;
  /** What money costs, a year. 0 when absent. */
  readonly discountPerYear?: number;
}

export interface OwnCentre {
  /** Spent before the first month: room, telephony, project. */
  readonly setupMinor: number;
  /** A workplace; bought for the most agents at once, and more when the volume grows. */
  readonly seatMinor: number;
  /** Rent, licences, management. */
  readonly fixedPerMonthMinor: number;
  /** A paid hour with all on-costs. */
  readonly wagePerHourMinor: number;
  /** Paid and away, of paid time. */
  readonly shrinkage: number;
  /** Paid hours of one person a month. */
  readonly hoursPerPerson: number;
  /** To find and train one person. */
  readonly hiringMinor?: number;
  /** Share of the people who leave and are replaced in a year. */
  readonly turnoverPerYear?: number;
}

/** What an outsourcer charges; parts that are not charged are absent. */
export interface Outsourcer {
  readonly setupMinor?: number;
  readonly fixedPerMonthMinor?: number;
  readonly perContactMinor?: number;
  readonly perMinuteMinor?: number;
  readonly perAgentHourMinor?: number;
  readonly minimumPerMonthMinor?: number;
}

export interface MakeOrBuyMonth {
  /** 0 is what is spent before the first month. */
  readonly month: number;
  readonly agentsAtPeak: number;
  readonly people: number;
  readonly ownMinor: number;
  readonly boughtMinor: number;
  /** Discounted, up to and with this month. */
  readonly ownSoFarMinor: number;
  readonly boughtSoFarMinor: number;
}

export interface MakeOrBuy {
  readonly months: readonly MakeOrBuyMonth[];
  readonly cheaper: "own" | "outsourcer" | "equal";
  /** What the cheaper saves over all months, discounted. */
  readonly savedMinor: number;
  /** The first month from which the own centre has cost no more, and stays so; null when none. */
  readonly breakEvenMonth: number | null;
  /** Volume, times the given, at which both cost the same over all months; null when one is cheaper from 1/100 to 100. */
  readonly breakEvenVolume: number | null;
  /** The most agents at once at that volume, at first. */
  readonly breakEvenAgents: number | null;
}

/**
 * An own centre against an outsourcer over months: what each costs for the same service, when the own one has paid, and from
 * which size on it does.
 * @throws `queueing.bad_input` naming the field; `queueing.unreachable` when the targets are
 */
export function makeOrBuy(input: MakeOrBuyInput): MakeOrBuy {
  checkInput(input);
  const months = monthsAt(input, 1);
  const last = months[months.length - 1];
  const difference = (last?.boughtSoFarMinor ?? 0) - (last?.ownSoFarMinor ?? 0);
  const dear = months.findLastIndex(
    ({ ownSoFarMinor, boughtSoFarMinor }) => ownSoFarMinor > boughtSoFarMinor,
  );
  const breakEvenVolume = volumeOfEquals(input);
  return {
    months,
    cheaper: difference > 0 ? "own" : difference < 0 ? "outsourcer" : "equal",
    savedMinor: Math.abs(difference),
    breakEvenMonth: months[dear + 1]?.month ?? null,
    breakEvenVolume,
    breakEvenAgents: breakEvenVolume === null ? null : needOf(input, breakEvenVolume).agentsAtPeak,
  };
}

interface Need {
  readonly agentsAtPeak: number;
  readonly agentHours: number;
  readonly people: number;
  readonly contacts: number;
}

/** What a month of `volume` times the given needs. */
function needOf(input: MakeOrBuyInput, volume: number): Need {
  const { hours, ahtS, patience = null, targets, own } = input;
  let [agentsAtPeak, agentHours, contacts] = [0, 0, 0];
  for (const { hoursPerMonth, lambdaPerHour } of hours) {
    const { agents, figures } = agentsFor({ lambdaPerHour: volume * lambdaPerHour, ahtS, patience }, targets);
    agentsAtPeak = Math.max(agentsAtPeak, agents);
    agentHours += agents * hoursPerMonth;
    contacts += volume * lambdaPerHour * hoursPerMonth * (1 - figures.pAbandon);
  }
  const people = headcountOf(agentHours / own.hoursPerPerson, own.shrinkage);
  return { agentsAtPeak, agentHours, people, contacts };
}

function monthsAt(input: MakeOrBuyInput, volume: number): readonly MakeOrBuyMonth[] {
  const { own, outsourcer, months = 36, growthPerMonth = 0, discountPerYear = 0 } = input;
  const first = needOf(input, volume);
  const atStart = {
    own: Math.round(
      own.setupMinor + first.agentsAtPeak * own.seatMinor + first.people * (own.hiringMinor ?? 0),
    ),
    bought: Math.round(outsourcer.setupMinor ?? 0),
  };
  const rows: MakeOrBuyMonth[] = [
    {
      month: 0,
      agentsAtPeak: first.agentsAtPeak,
      people: first.people,
      ownMinor: atStart.own,
      boughtMinor: atStart.bought,
      ownSoFarMinor: atStart.own,
      boughtSoFarMinor: atStart.bought,
    },
  ];
  let [seats, people] = [first.agentsAtPeak, first.people];
  let [ownSoFar, boughtSoFar] = [atStart.own, atStart.bought];
  for (let month = 1; month <= months; month++) {
    const need = growthPerMonth === 0 ? first : needOf(input, volume * (1 + growthPerMonth) ** (month - 1));
    const hired = Math.max(0, need.people - people) + (need.people * (own.turnoverPerYear ?? 0)) / 12;
    const ownMinor = Math.round(
      own.fixedPerMonthMinor +
        (own.wagePerHourMinor * need.agentHours) / (1 - own.shrinkage) +
        own.seatMinor * Math.max(0, need.agentsAtPeak - seats) +
        (own.hiringMinor ?? 0) * hired,
    );
    const boughtMinor = Math.round(priceOf(outsourcer, need, input.ahtS));
    seats = Math.max(seats, need.agentsAtPeak);
    people = need.people;
    const worth = (1 + discountPerYear) ** (-month / 12);
    ownSoFar += worth * ownMinor;
    boughtSoFar += worth * boughtMinor;
    rows.push({
      month,
      agentsAtPeak: need.agentsAtPeak,
      people,
      ownMinor,
      boughtMinor,
      ownSoFarMinor: Math.round(ownSoFar),
      boughtSoFarMinor: Math.round(boughtSoFar),
    });
  }
  return rows;
}

function priceOf(outsourcer: Outsourcer, need: Need, ahtS: number): number {
  const { perContactMinor = 0, perMinuteMinor = 0, perAgentHourMinor = 0 } = outsourcer;
  const charged =
    perContactMinor * need.contacts +
    (perMinuteMinor * need.contacts * ahtS) / 60 +
    perAgentHourMinor * need.agentHours;
  return (outsourcer.fixedPerMonthMinor ?? 0) + Math.max(outsourcer.minimumPerMonthMinor ?? 0, charged);
}

/** To one per cent; whole agents make finer answers meaningless. */
function volumeOfEquals(input: MakeOrBuyInput): number | null {
  const ownIsCheaper = (volume: number): boolean => {
    const last = monthsAt(input, volume).at(-1);
    return (last?.ownSoFarMinor ?? 0) <= (last?.boughtSoFarMinor ?? 0);
  };
  let [low, high] = [0.01, 100];
  const cheapWhenLarge = ownIsCheaper(high);
  if (ownIsCheaper(low) === cheapWhenLarge) return null;
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (ownIsCheaper(middle) === cheapWhenLarge) high = middle;
    else low = middle;
  }
  return Math.sqrt(low * high);
}

function checkInput(input: MakeOrBuyInput): void {
  const { hours, own, outsourcer, months = 36, growthPerMonth = 0, discountPerYear = 0 } = input;
  if (!Array.isArray(hours) || hours.length === 0)
    throw badInput("hours", "hours is empty; give at least one kind of hour with its calls");
  for (const [i, kind] of hours.entries()) {
    numberIn(kind.hoursPerMonth, `hours[${i}].hoursPerMonth`, { min: 0, max: 744, isAbove: true });
    rateIn(kind.lambdaPerHour, `hours[${i}].lambdaPerHour`);
  }
  const total = hours.reduce((sum, { hoursPerMonth }) => sum + hoursPerMonth, 0);
  if (total > 744)
    throw badInput("hours", `hours make ${total} a month, more than the 744 there are; give less`);
  numberIn(months, "months", { min: 1, max: 600, isWhole: true });
  numberIn(growthPerMonth, "growthPerMonth", { min: -0.5, max: 0.5 });
  numberIn(discountPerYear, "discountPerYear", { min: 0, max: 1 });
  const money = { min: 0, max: Number.MAX_SAFE_INTEGER };
  for (const name of ["setupMinor", "seatMinor", "fixedPerMonthMinor", "wagePerHourMinor"] as const)
    numberIn(own?.[name], `own.${name}`, money);
  numberIn(own.shrinkage, "own.shrinkage", { min: 0, max: 0.99 });
  numberIn(own.hoursPerPerson, "own.hoursPerPerson", { min: 0, max: 744, isAbove: true });
  numberIn(own.hiringMinor ?? 0, "own.hiringMinor", money);
  numberIn(own.turnoverPerYear ?? 0, "own.turnoverPerYear", { min: 0, max: 10 });
  for (const [name, amount] of Object.entries(outsourcer ?? {}))
    numberIn(amount, `outsourcer.${name}`, money);
  if (Object.keys(outsourcer ?? {}).length === 0)
    throw badInput(
      "outsourcer",
      "outsourcer charges nothing; give a price a contact, a minute, an hour or a month",
    );
}
