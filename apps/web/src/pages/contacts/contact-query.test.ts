import { expect, test } from "vitest";
import { readContactQuery, withFilter } from "./contact-query.ts";

test("filters go through the address and come back the same", () => {
  const query = { search: "anna", outcome: "answered", from: "2026-11-01", direction: "inbound" } as const;
  expect(readContactQuery(withFilter(query, {}))).toEqual(query);
});

test("what is not understood is left out", () => {
  const params = new URLSearchParams("outcome=splendid&from=yesterday&direction=sideways&queueId=q1");
  expect(readContactQuery(params)).toEqual({ queueId: "q1" });
});

test("an emptied filter leaves the address", () => {
  expect(withFilter({ search: "anna", queueId: "q" }, { search: "" }).toString()).toBe("queueId=q");
});

test("keeps a figure only with its day", () => {
  const read = (text: string) => readContactQuery(new URLSearchParams(text)).metric;
  expect(read("metric=answered&from=2026-11-22")).toBe("answered");
  expect(read("metric=answered")).toBeUndefined();
  expect(read("metric=everything&from=2026-11-22")).toBeUndefined();
});

test("keeps a count of planning only whole", () => {
  const read = (text: string) => readContactQuery(new URLSearchParams(text));
  expect(read("queueId=q&counted=offered&countedFrom=1000&countedTo=2000")).toEqual({
    queueId: "q",
    counted: "offered",
    countedFrom: 1000,
    countedTo: 2000,
  });
  expect(read("queueId=q&counted=offered&countedFrom=1000")).toEqual({ queueId: "q" });
  expect(read("counted=offered&countedFrom=1000&countedTo=2000")).toEqual({});
});
