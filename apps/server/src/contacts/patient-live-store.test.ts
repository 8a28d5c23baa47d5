import type { ClientId, ContactId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import type { LiveStore } from "../live/live-store.ts";
import { patientLiveStore } from "./patient-live-store.ts";

const CLIENT = "client" as ClientId;
const CONTACT = "contact" as ContactId;
const away = (): Error => Object.assign(new Error("terminating connection"), { code: "57P01" });

function stage(failures: readonly Error[]) {
  const clock = new ManualClock();
  const left = [...failures];
  const written: string[] = [];
  const write = async (what: string): Promise<void> => {
    const failure = left.shift();
    if (failure) throw failure;
    written.push(what);
  };
  const store = patientLiveStore(
    {
      contactChanged: () => write("contact"),
      workSaved: () => write("work"),
    } as unknown as LiveStore,
    { clock, log: { warn() {} } },
  );
  const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
  return { clock, store, written, settled };
}

test("a row waits for the database and is written when it is back", async () => {
  const { clock, store, written, settled } = stage([away(), new Error("Connection terminated"), away()]);
  const change = store.contactChanged(CLIENT, CONTACT, {});
  for (const ms of [250, 500, 1000]) {
    await settled();
    expect(written).toEqual([]);
    clock.advance(ms);
  }
  await change;
  expect(written).toEqual(["contact"]);
});

test("what the database refuses is refused at once, and so is what a person saves while it is away", async () => {
  const refused = Object.assign(new Error("violates a constraint"), { code: "23505" });
  await expect(stage([refused]).store.contactChanged(CLIENT, CONTACT, {})).rejects.toBe(refused);
  await expect(stage([away()]).store.workSaved(CLIENT, CONTACT, "a" as never, {})).rejects.toThrow();
});

test("at the stop of the server what waits is tried once more, and nothing waits any longer", async () => {
  const { store, settled, written } = stage([away(), away()]);
  const lost = store.contactChanged(CLIENT, CONTACT, {});
  await settled();
  store.dispose();
  await expect(lost).rejects.toThrow("terminating connection");
  await store.contactChanged(CLIENT, CONTACT, {});
  expect(written).toEqual(["contact"]);
});
