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
  readonly #phoneAccounts: ReadonlyMap<string, NonNullable<EndpointAccount["outbound"]>>;
  #endpoints = new Map<EndpointId, EndpointAccount>();
  #users = new Map<string, EndpointAccount>();
  #trunks = new Map<TrunkId, TrunkAccount>();

  /** `phoneAccounts`: how we answer phones, by user name, that challenge our calls. */
  constructor(
    realm: string,
    phoneAccounts: ReadonlyMap<string, NonNullable<EndpointAccount["outbound"]>> = new Map(),
  ) {
    this.realm = realm;
    this.#phoneAccounts = phoneAccounts;
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
      const { endpointId, user, ha1, maxDevices, srtp } = phone;
      const outbound = this.#phoneAccounts.get(user);
      this.#add({
        endpointId,
        user,
        kind: "phone",
        ha1,
        maxDevices,
        ...(srtp === null ? {} : { srtp }),
        ...(outbound ? { outbound } : {}),
      });
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
