import type { api, CallOf, Customer } from "@svara/contracts";
import { dialString } from "../../format/phone-number.ts";

export type CustomerDraft = NonNullable<CallOf<typeof api.customers.replace>["body"]>;

/** A code of the client's own, as the server wants it. */
export const CODE = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/** The customer as fields: what is not known is empty. */
export interface CustomerForm {
  readonly name: string;
  readonly company: string;
  readonly language: Customer["language"];
  readonly type: Customer["type"];
  readonly segment: string;
  readonly value: string;
  readonly notes: string;
  readonly identifiers: Customer["identifiers"];
}

export function toForm(customer: Customer): CustomerForm {
  const { name, company, language, type, segment, value, notes, identifiers } = customer;
  return {
    name: name ?? "",
    company: company ?? "",
    language,
    type,
    segment: segment ?? "",
    value: value ?? "",
    notes,
    identifiers: identifiers.map((each) => ({ ...each })),
  };
}

/** What is sent: empty fields are unknown, empty identifiers are left out, numbers lose their punctuation. */
export function toDraft(form: CustomerForm): CustomerDraft {
  const known = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  return {
    name: known(form.name),
    company: known(form.company),
    language: form.language,
    type: form.type,
    segment: known(form.segment),
    value: known(form.value),
    notes: form.notes,
    identifiers: form.identifiers
      .map(({ kind, value }) => ({ kind, value: kind === "phone" ? dialString(value) : value.trim() }))
      .filter(({ value }) => value !== ""),
  };
}
