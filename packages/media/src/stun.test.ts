import { describe, expect, it } from "vitest";
import { bindingRequestPacket, bindingResponse, hasIntegrity, parseBindingRequest } from "./stun.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** RFC 5769, section 2.1; the password is that of its introduction. */
const sample = hex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);
const password = "VOkJxbRl1RmTxUk/WvJxBt";

describe("STUN", () => {
  it("[ME36] reads and verifies the sample request of RFC 5769", () => {
    const request = parseBindingRequest(sample);
    expect(request).toMatchObject({ localUfrag: "evtj", remoteUfrag: "h6vY", useCandidate: false });
    expect(request && hasIntegrity(sample, request, password)).toBe(true);
    expect(request && hasIntegrity(sample, request, "another password")).toBe(false);
  });

  it("[ME36] makes the sample response of RFC 5769", () => {
    // Section 2.2 has a SOFTWARE attribute, so only the mapped address can be compared.
    const response = bindingResponse(sample, "192.0.2.1", 32_853, password);
    expect(response.subarray(20, 32)).toEqual(hex("00200008 0001a147 e112a643"));
    const six = bindingResponse(sample, "2001:db8:1234:5678:11:2233:4455:6677", 32_853, password);
    expect(six.subarray(20, 44)).toEqual(hex("00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9"));
  });

  it("[ME36] refuses requests without user name, without integrity, cut off or too long", () => {
    const transactionId = Buffer.alloc(12, 1);
    const bare = bindingRequestPacket({ transactionId, username: "a:b", password: null, useCandidate: true });
    expect(parseBindingRequest(bare)).toBeNull();
    const good = bindingRequestPacket({ transactionId, username: "a:b", password: "p", useCandidate: true });
    expect(parseBindingRequest(good)).toMatchObject({ localUfrag: "a", useCandidate: true });
    for (let length = 0; length < good.length; length++) {
      expect(parseBindingRequest(good.subarray(0, length))).toBeNull();
    }
    expect(parseBindingRequest(Buffer.concat([good, Buffer.alloc(4)]))).toBeNull();
    expect(parseBindingRequest(bindingResponse(good, "127.0.0.1", 1, "p"))).toBeNull();
  });
});
