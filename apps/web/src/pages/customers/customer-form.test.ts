import type { Customer } from "@svara/contracts";
import { expect, test } from "vitest";
import { toDraft, toForm } from "./customer-form.ts";

const customer: Customer = {
  id: "1",
  clientId: "c",
  shortNumber: 7,
  name: "Karin Holm",
  company: null,
  language: "sv",
  type: "business",
  segment: "retail",
  value: "gold",
  notes: "Prefers mail.",
  identifiers: [{ kind: "phone", value: "+46701234500" }],
  createdAt: 0,
  updatedAt: 0,
  lastContactAt: null,
  contactCount: 0,
};

test("a customer that is opened and saved stays the same", () => {
  const { name, company, language, type, segment, value, notes, identifiers } = customer;
  expect(toDraft(toForm(customer))).toEqual({
    name,
    company,
    language,
    type,
    segment,
    value,
    notes,
    identifiers,
  });
});

test("emptied fields are unknown, empty identifiers go, numbers lose their punctuation", () => {
  const form = {
    ...toForm(customer),
    name: "  ",
    value: "",
    identifiers: [
      { kind: "phone", value: "+46 (70) 123-45 00" },
      { kind: "email", value: " " },
    ],
  } as const;
  expect(toDraft({ ...form, identifiers: [...form.identifiers] })).toMatchObject({
    name: null,
    value: null,
    identifiers: [{ kind: "phone", value: "+46701234500" }],
  });
});
