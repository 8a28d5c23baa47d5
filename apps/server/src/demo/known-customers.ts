import { api } from "@svara/contracts";
import type { HttpSession } from "./http-session.ts";
import { phoneNumberOf } from "./synthetic-customers.ts";

const FIRST = ["Anna", "Erik", "Maria", "Lars", "Olena", "Igor", "Karin", "Nils", "Sofia", "Pavlo"] as const;
const LAST = ["Berg", "Lund", "Strand", "Koval", "Belov", "Falk", "Moen", "Hale", "Vik", "Quinn"] as const;
/** Of those who call, so many are known by name; the others are met for the first time. */
const KNOWN = 50;

/** Customers of the fictional client who have been here before, so that the desk shows what a screen pop can show. */
export async function makeKnownCustomers(admin: HttpSession, clientId: string): Promise<void> {
  for (let person = 0; person < KNOWN; person++) {
    const language = person % 3 === 0 ? "sv" : "en";
    await admin.call(api.customers.create, {
      body: {
        clientId,
        name: `${FIRST[person % FIRST.length]} ${LAST[(person * 3 + Math.floor(person / 10)) % LAST.length]}`,
        company: person % 9 === 0 ? "Harbour Bakery" : null,
        language,
        notes: "",
        identifiers: [{ kind: "phone", value: phoneNumberOf(person, language) }],
      },
    });
  }
}
