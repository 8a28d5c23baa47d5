import { type EndpointId, Signal, type TrunkId } from "@svara/kernel";
import type { Directory, EndpointAccount, TrunkAccount } from "@svara/telephony";
import type { CentreModel } from "./centre-model.ts";

/** Browser endpoints call and register as this prefix and their id: never a name that a phone may have. */
const BROWSER_USER = "web-";

/** The SIP user part of a browser endpoint. */
export function browserUser(endpointId: EndpointId): string {
  return `${BROWSER_USER}${endpointId}`;
}

/** The switch's view of the configuration: phones, browsers and trunks. */
export class LiveDirectory implements Directory {
  readonly realm: string;
  readonly changed = new Signal<void>();
  #endpoints = new Map<EndpointId, EndpointAccount>();
  #users = new Map<string, EndpointAccount>();
  #trunks = new Map<TrunkId, TrunkAccount>();

  constructor(realm: string) {
    this.realm = realm;
  }

  /** Takes over a new configuration and tells the switch. */
  update(model: CentreModel): void {
    this.#endpoints = new Map();
    this.#users = new Map();
    for (const agent of model.agents.values()) {
      this.#add({
        endpointId: agent.browserEndpointId,
        user: browserUser(agent.browserEndpointId),
        kind: "browser",
      });
    }
    for (const phone of model.phones.values()) {
      this.#add({ endpointId: phone.endpointId, user: phone.user, kind: "phone", ha1: phone.ha1 });
    }
    this.#trunks = new Map(model.trunks);
    this.changed.emit();
  }

  endpoint(id: EndpointId): EndpointAccount | undefined {
    return this.#endpoints.get(id);
  }

  endpointByUser(user: string): EndpointAccount | undefined {
    return this.#users.get(user);
  }

  trunk(id: TrunkId): TrunkAccount | undefined {
    return this.#trunks.get(id);
  }

  trunks(): readonly TrunkAccount[] {
    return [...this.#trunks.values()];
  }

  #add(account: EndpointAccount): void {
    this.#endpoints.set(account.endpointId, account);
    this.#users.set(account.user, account);
  }
}
