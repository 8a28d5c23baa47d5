/** What an agent is employed for. Weeks are calendar weeks, Monday to Sunday. */
export interface Contract {
  readonly id: string;
  readonly name?: string;
  /** Paid minutes a week. Approved leave and absence count a day's share of the minimum. */
  readonly weeklyMinutes: { readonly min: number; readonly max: number };
  /** Days with a shift a week. */
  readonly daysPerWeek: { readonly min: number; readonly max: number };
  /** The patterns that may be given, by id. */
  readonly patternIds: readonly string[];
  /** Saturday and Sunday; `any` if absent. `alternate`: not on two weekends in a row. */
  readonly weekends?: "any" | "none" | "alternate";
  /** What a paid hour costs, in any money, the same for all contracts; 1 if absent. */
  readonly costPerHour?: number;
}
