import { expect, test } from "vitest";
import { SignInLine } from "./sign-in-line.ts";

/** Tasks that end when told. */
function stage() {
  const line = new SignInLine();
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, account: string): Promise<void> =>
    line.run(account, async () => {
      running.push(name);
      await new Promise<void>((end) => ends.set(name, end));
      running.splice(running.indexOf(name), 1);
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((settled) => setImmediate(settled));
  };
  return { line, running, enter, end };
}

test("checks of one account are done one after another, in the order in which they came", async () => {
  const { running, enter, end } = stage();
  const all = [enter("1", "ann"), enter("2", " ANN "), enter("3", "ann")];
  expect(running).toEqual(["1"]);
  await end("1");
  expect(running).toEqual(["2"]);
  await end("2");
  await end("3");
  await Promise.all(all);
});

test("two accounts are checked at once, and one that waits for itself holds up nobody", async () => {
  const { running, enter, end } = stage();
  const all = [enter("1", "ann"), enter("2", "bo"), enter("3", "ann"), enter("4", "cy")];
  expect(running).toEqual(["1", "2"]);
  await end("2");
  expect(running).toEqual(["1", "4"]);
  await end("1");
  expect(running).toEqual(["4", "3"]);
  await end("3");
  await end("4");
  await Promise.all(all);
});

test("a failure gives the place on; too long a line is told", async () => {
  const { line, running, enter, end } = stage();
  await expect(line.run("ann", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const all = [enter("1", "ann")];
  for (let i = 0; i < 500; i++) all.push(line.run("ann", async () => {}));
  await expect(line.run("ann", async () => {})).rejects.toMatchObject({ code: "busy", retryAfterMs: 5_000 });
  await end("1");
  await Promise.all(all);
  expect(running).toEqual([]);
});
