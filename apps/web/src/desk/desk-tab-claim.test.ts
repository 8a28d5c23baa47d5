import { ApiError, type Softphone } from "@svara/contracts";
import { expect, test } from "vitest";
import { DeskTabClaim } from "./desk-tab-claim.ts";

const access: Softphone = {
  sipUri: "sip:a@svara",
  wsPath: "/sip",
  displayName: "A",
  tabLease: "me",
  unavailable: null,
};
const conflict = new ApiError({ type: "", title: "", status: 409, code: "softphone.taken", detail: "" });

function setUp(answers: ("ok" | "conflict")[]) {
  const asked: boolean[] = [];
  const log: string[] = [];
  let owner: (tabId: string | undefined) => void = () => undefined;
  const claim = new DeskTabClaim({
    tabId: "me",
    local: {
      claim: (_mode, report) => {
        report.granted();
        return { dispose: () => log.push("unlocked") };
      },
    },
    ask: async (takeOver) => {
      asked.push(takeOver);
      if (answers.shift() === "conflict") throw conflict;
      return access;
    },
    watchOwner: (listener) => {
      owner = listener;
      return { dispose: () => log.push("unwatched") };
    },
    granted: () => log.push("access"),
  });
  const report = {
    granted: () => void log.push("granted"),
    waiting: () => void log.push("waiting"),
    lost: () => void log.push("lost"),
  };
  return { claim, report, asked, log, tellOwner: (tabId: string | undefined) => owner(tabId) };
}

const settle = () =>
  new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(resolve))));

test("the server is asked once the tabs of this browser agree", async () => {
  const { claim, report, asked, log } = setUp(["ok"]);
  claim.claim("wait", report);
  await settle();
  expect(asked).toEqual([false]);
  expect(log).toEqual(["access", "granted"]);
});

test("another computer has the phone: wait, and take it when it is free", async () => {
  const { claim, report, asked, log, tellOwner } = setUp(["conflict", "ok"]);
  claim.claim("wait", report);
  await settle();
  tellOwner("other");
  expect(log).toEqual(["waiting"]);
  tellOwner(undefined);
  await settle();
  expect(asked).toEqual([false, false]);
  expect(log).toEqual(["waiting", "access", "granted"]);
});

test("taking over says so to the server", async () => {
  const { claim, report, asked } = setUp(["ok"]);
  claim.claim("steal", report);
  await settle();
  expect(asked).toEqual([true]);
});

test("an old word of the server about the former owner is not a loss; a new one is", async () => {
  const { claim, report, log, tellOwner } = setUp(["ok"]);
  claim.claim("steal", report);
  await settle();
  tellOwner("former");
  expect(log).not.toContain("lost");
  tellOwner("me");
  tellOwner("third");
  expect(log).toContain("lost");
});

test("disposing frees the lock and stops watching", () => {
  const { claim, report, log } = setUp(["ok"]);
  claim.claim("wait", report).dispose();
  expect(log).toEqual(["unwatched", "unlocked"]);
});
