import { type EndpointId, Signal, type TrunkId } from "@svara/kernel";
import type { Directory, EndpointAccount, TrunkAccount } from "../directory.ts";

/** A directory that a test fills by hand. */
export class ListDirectory implements Directory {
  readonly realm = "svara.test";
  readonly changed = new Signal<void>();
  readonly accounts: EndpointAccount[] = [];
  trunkList: TrunkAccount[] = [];

  endpoint(id: EndpointId): EndpointAccount | undefined {
    return this.accounts.find((a) => a.endpointId === id);
  }

  endpointByUser(user: string): EndpointAccount | undefined {
    return this.accounts.find((a) => a.user === user);
  }

  trunk(id: TrunkId): TrunkAccount | undefined {
    return this.trunkList.find((t) => t.trunkId === id);
  }

  trunks(): readonly TrunkAccount[] {
    return this.trunkList;
  }
}
