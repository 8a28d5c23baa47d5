import { expect, it } from "vitest";
import { type UserValue, userKind } from "./user-kind.ts";

/** The fields at fault for an agent with this extension, in a centre with one client in Ukraine. */
function faults(extension: string): (string | undefined)[] {
  const inUse: Readonly<Record<string, object[]>> = { client: [{ value: { country: "UA" } }], number: [] };
  const context = { catalogue: { inUseOf: (kind: string) => inUse[kind] ?? [] } };
  const check = userKind.check as unknown as (value: UserValue, of: object) => { readonly field: string }[];
  return check({ agent: { extension } } as unknown as UserValue, context).map(({ field }) => field);
}

it("gives nobody an extension that calls for help in a client's country", () => {
  expect([faults("201"), faults("102"), faults("112")]).toEqual([
    [],
    ["agent.extension"],
    ["agent.extension"],
  ]);
});
