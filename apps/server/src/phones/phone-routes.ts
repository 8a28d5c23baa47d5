import { randomInt } from "node:crypto";
import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import type { Stored } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { SIP_REALM } from "./ha1.ts";
import { type PhoneValue, phoneKind } from "./phone-kind.ts";

/** Without letters and digits that look alike: people type it into phones. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH = 20;

/** Desk phones. The password is made here and told once. */
export function mountPhoneRoutes(http: HttpCore, office: Office, live: LiveService): void {
  const { list, get, replace, remove } = api.phones;
  mountOfficeRoutes(http, office, { list, get, replace, remove }, { kind: phoneKind, toEntity });
  http.mount(api.phones.create, async ({ caller, body, tag }) => {
    const password = newPassword();
    const stored = await office.create(caller, phoneKind, { ...body, password });
    tag(stored.revision);
    return { ...toEntity(stored), password, realm: SIP_REALM };
  });
  http.mount(api.phones.renewPassword, async ({ caller, params, tag }) => {
    const password = newPassword();
    const before = office.see(caller, phoneKind, params.id);
    const stored = await office.replace(caller, phoneKind, params.id, { ...before.value, password });
    tag(stored.revision);
    return { ...toEntity(stored), password, realm: SIP_REALM };
  });
  http.mount(api.phones.status, async ({ caller, params }) =>
    live.telephony.phone(office.see(caller, phoneKind, params.id).id),
  );
}

function toEntity({ id, revision, archived, value }: Stored<PhoneValue>) {
  const { password: _, ...told } = value;
  return { id, revision, archived, ...told };
}

function newPassword(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
