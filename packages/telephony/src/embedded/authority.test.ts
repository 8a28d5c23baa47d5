import type { EndpointId, TrunkId } from "@svara/kernel";
import type { SipRequest, SourceAddress } from "@svara/sip";
import { describe, expect, it } from "vitest";
import { directoryAuthority } from "./authority.ts";
import { ListDirectory } from "./testing/list-directory.ts";

const ha1 = { md5: "0".repeat(32), sha256: "0".repeat(64) };

function directory(): ListDirectory {
  const list = new ListDirectory();
  list.accounts.push(
    { endpointId: "phone-1" as EndpointId, user: "anna", kind: "phone", ha1 },
    { endpointId: "browser-1" as EndpointId, user: "web-1", kind: "browser" },
  );
  list.trunkList = [
    { trunkId: "by-address" as TrunkId, addresses: ["192.0.2.1"], register: false },
    { trunkId: "by-port" as TrunkId, addresses: ["192.0.2.1:5070"], register: false },
    {
      trunkId: "by-digest" as TrunkId,
      addresses: [],
      inbound: { username: "carrier", ha1 },
      register: false,
    },
  ];
  return list;
}

/** Only the From is looked at. */
function from(user: string): SipRequest {
  return { from: { uri: { user } } } as unknown as SipRequest;
}

function at(host: string, port = 5060): SourceAddress {
  return { protocol: "udp", host, port };
}

describe("who a request is from", () => {
  it("finds phones and trunks by their digest names, browsers never", async () => {
    const authority = directoryAuthority(directory());
    expect(await authority.findAccount("anna", "svara.test")).toMatchObject({
      identity: { kind: "endpoint", id: "phone-1" },
      aors: ["anna"],
    });
    expect(await authority.findAccount("carrier", "svara.test")).toMatchObject({
      identity: { kind: "trunk", id: "by-digest" },
      aors: [],
    });
    expect(await authority.findAccount("web-1", "svara.test")).toBeUndefined();
    expect(await authority.findAccount("nobody", "svara.test")).toBeUndefined();
  });

  it("knows a trunk by its address, the one with the port before the one without", async () => {
    const authority = directoryAuthority(directory());
    const call = from("+46701");
    expect(await authority.identifyBySource(at("192.0.2.1"), call)).toEqual({
      kind: "trunk",
      id: "by-address",
    });
    expect(await authority.identifyBySource(at("192.0.2.1", 5070), call)).toEqual({
      kind: "trunk",
      id: "by-port",
    });
    expect(await authority.identifyBySource(at("192.0.2.9"), call)).toBeUndefined();
  });

  it("asks a phone behind a trunk's address for its password", async () => {
    const authority = directoryAuthority(directory());
    expect(await authority.identifyBySource(at("192.0.2.1"), from("anna"))).toBeUndefined();
  });

  it("tells of failed sign-ins", () => {
    const failures: string[] = [];
    const authority = directoryAuthority(directory(), (username) => failures.push(username));
    authority.loginFailed?.({ username: "anna", source: at("192.0.2.9"), method: "REGISTER", failures: 1 });
    expect(failures).toEqual(["anna"]);
  });
});
