import { expect, test } from "vitest";
import { copyMonday, dayShare, minutesOf, withDay } from "./week.ts";

const nine = { from: "09:00", to: "17:00" };
const ten = { from: "10:00", to: "14:00" };

test("changing one day leaves the others alone", () => {
  expect(withDay({ mon: [nine], tue: [nine] }, "tue", [ten])).toEqual({ mon: [nine], tue: [ten] });
});

test("a closed day is left out", () => {
  expect(withDay({ mon: [nine], sat: [ten] }, "sat", [])).toEqual({ mon: [nine] });
});

test("Monday's hours go to the working days, not to the weekend", () => {
  expect(copyMonday({ mon: [nine], wed: [ten], sun: [ten] })).toEqual({
    mon: [nine],
    tue: [nine],
    wed: [nine],
    thu: [nine],
    fri: [nine],
    sun: [ten],
  });
});

test("a span into the next day fills the rest of its own", () => {
  expect(minutesOf("24:00")).toBe(1440);
  expect(dayShare({ from: "18:00", to: "02:00" })).toEqual({ left: 0.75, width: 0.25 });
  expect(dayShare({ from: "06:00", to: "12:00" })).toEqual({ left: 0.25, width: 0.25 });
});
