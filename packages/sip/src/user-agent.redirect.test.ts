import { afterEach, describe, expect, test } from "vitest";
import type { CallFailure } from "./call/call-end.ts";
import type { InviteOptions } from "./call/invite-request.ts";
import type { CallAccepted } from "./call/outgoing-call.ts";
import { BOB, RawPeer, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

interface Story {
  readonly places: RawPeer[];
  readonly accepted: CallAccepted[];
  readonly failed: CallFailure[];
}

/** Bob calls the first of several raw places, 10.0.0.20 and on. */
async function call(options: Partial<InviteOptions> = {}): Promise<Story> {
  pair = new TestPair();
  const places = [20, 21, 22, 23].map((n) => new RawPeer(pair.network, `10.0.0.${n}`));
  const out = pair.bob.invite(
    { kind: "uri", uri: "sip:7@10.0.0.20" },
    { offer: sdp(4000), from: { user: "100" }, ...options },
  );
  const story: Story = { places, accepted: [], failed: [] };
  out.accepted.on((accepted) => story.accepted.push(accepted));
  out.failed.on((failed) => story.failed.push(failed));
  await pair.pass();
  return story;
}

async function answer(story: Story, place: number, status: number, contact?: string): Promise<void> {
  const raw = story.places[place];
  const headers = contact === undefined ? [] : ([["Contact", contact]] as const);
  const request = raw?.requests("INVITE").at(-1);
  raw?.answer(request, status, { headers, ...(status < 300 ? { sdp: sdp(9) } : {}) });
  await pair.pass();
}

const ANY = { allow: () => true };

describe("a 3xx that is not followed", () => {
  test("[SIP79] is a failure that tells its usable Contacts, the best first", async () => {
    const story = await call();
    await answer(
      story,
      0,
      302,
      '<sip:a@10.0.0.21>;q=0.3, "B" <sip:b@10.0.0.22?Subject=x>;q=0.9, <mailto:c@d>, broken, <tel:+4681234>',
    );
    expect(story.failed).toMatchObject([
      {
        status: 302,
        contacts: [
          { uri: "tel:+4681234", q: 1 },
          { uri: "sip:b@10.0.0.22", displayName: "B", q: 0.9 },
          { uri: "sip:a@10.0.0.21", q: 0.3 },
        ],
      },
    ]);
  });
});

describe("a 3xx that is followed", () => {
  test("[SIP80] the places are called one after the other, the best first, until one answers", async () => {
    const story = await call({ followRedirects: ANY });
    await answer(story, 0, 300, "<sip:a@10.0.0.21>;q=0.2, <sip:b@10.0.0.22>;q=0.8, <sip:c@10.0.0.23>;q=0.1");
    expect(story.places[1]?.requests("INVITE")).toHaveLength(0);
    await answer(story, 2, 486);
    await answer(story, 1, 200);
    expect(story.accepted).toMatchObject([{ target: "sip:a@10.0.0.21", sdp: sdp(9) }]);
    expect(story.places[3]?.requests("INVITE")).toHaveLength(0);
    const sent = story.places.flatMap((place) => place.requests("INVITE"));
    expect(new Set(sent.map(({ callId }) => callId)).size).toBe(1);
    expect(sent.map(({ cseq }) => cseq.seq).sort()).toEqual([1, 2, 3]);
  });

  test("[SIP80] the new INVITE says who diverted it and why", async () => {
    const story = await call({ followRedirects: ANY });
    const [first] = story.places[0]?.requests("INVITE") ?? [];
    story.places[0]?.answer(first, 180);
    await answer(story, 0, 302, "<sip:a@10.0.0.21>");
    await answer(story, 1, 302, "<sip:b@10.0.0.22>");
    expect(story.places[2]?.requests("INVITE")[0]?.headers.all("Diversion")).toEqual([
      "<sip:a@10.0.0.21>;reason=unconditional;counter=1",
      "<sip:7@10.0.0.20>;reason=deflection;counter=1",
    ]);
    await answer(story, 2, 404);
  });

  test("[SIP80] a 305 sends the same call through the proxy it names", async () => {
    const story = await call({ followRedirects: ANY });
    await answer(story, 0, 305, "<sip:10.0.0.21;lr>");
    const [invite] = story.places[1]?.requests("INVITE") ?? [];
    expect(invite?.uri).toBe("sip:7@10.0.0.20");
    expect(invite?.headers.get("Route")).toBe("<sip:10.0.0.21;lr>");
    await answer(story, 1, 404);
    expect(story.failed).toMatchObject([{ status: 404 }]);
  });

  test("[SIP81] a place that is not allowed is not called, and the failure tells it", async () => {
    const story = await call({ followRedirects: { allow: ({ user }) => !user?.startsWith("00") } });
    await answer(story, 0, 302, "<sip:00900@10.0.0.21>");
    expect(story.failed).toMatchObject([{ status: 302, contacts: [{ uri: "sip:00900@10.0.0.21" }] }]);
    expect(story.places[1]?.received).toEqual([]);
  });

  test("[SIP81] a circle ends", async () => {
    const story = await call({ followRedirects: ANY });
    await answer(story, 0, 302, "<sip:a@10.0.0.21>");
    await answer(story, 1, 302, "<sip:7@10.0.0.20>");
    expect(story.failed).toMatchObject([{ status: 302 }]);
    expect(story.places[0]?.requests("INVITE")).toHaveLength(1);
  });

  test("[SIP81] a chain ends after the hops allowed", async () => {
    const story = await call({ followRedirects: { ...ANY, maxHops: 2 } });
    for (let n = 0; n < 3; n++) await answer(story, n, 301, `<sip:x${n}@10.0.0.${21 + n}>`);
    expect(story.places[3]?.received).toEqual([]);
    expect(story.failed).toMatchObject([{ status: 301 }]);
  });

  test("[SIP80] a call that is given up meanwhile goes nowhere", async () => {
    pair = new TestPair();
    const [first, second] = [20, 21].map((n) => new RawPeer(pair.network, `10.0.0.${n}`));
    const out = pair.bob.invite(
      { kind: "uri", uri: "sip:7@10.0.0.20" },
      { offer: sdp(1), from: { user: BOB }, followRedirects: ANY },
    );
    await pair.pass();
    out.cancel();
    first?.answer(first.requests("INVITE")[0], 302, { headers: [["Contact", "<sip:a@10.0.0.21>"]] });
    await pair.pass();
    expect(second?.received).toEqual([]);
  });
});
