import { type Disposable, Signal } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import {
  type LineCall,
  type LineCallEnd,
  type LineTrouble,
  type Microphone,
  MicrophoneError,
  type MicrophoneTrouble,
  type PhoneLine,
  type TabClaim,
} from "./phone-line.ts";
import { Softphone } from "./softphone.ts";

class FakeCall implements LineCall {
  readonly id: string;
  readonly remoteName = "Anna";
  readonly remoteNumber = "+46701234567";
  readonly established = new Signal<void>();
  readonly ended = new Signal<LineCallEnd>();
  readonly done: string[] = [];
  readonly #headers: Readonly<Record<string, string>>;
  constructor(id: string, headers: Readonly<Record<string, string>> = {}) {
    this.id = id;
    this.#headers = headers;
  }
  header(name: string): string | undefined {
    return this.#headers[name];
  }
  answer(): void {
    this.done.push("answer");
  }
  reject(status: 480 | 486): void {
    this.done.push(`reject ${status}`);
    this.ended.emit("ended");
  }
  hangUp(): void {
    this.done.push("hang up");
    this.ended.emit("ended");
  }
  setMuted(muted: boolean): void {
    this.done.push(muted ? "mute" : "unmute");
  }
  sendDtmf(tone: string): void {
    this.done.push(`tone ${tone}`);
  }
}

class FakeLine implements PhoneLine {
  readonly registered = new Signal<void>();
  readonly lost = new Signal<LineTrouble>();
  readonly invited = new Signal<LineCall>();
  disposed = false;
  retries = 0;
  start(): void {}
  retry(): void {
    this.retries++;
  }
  dispose(): void {
    this.disposed = true;
  }
}

class FakeTabs implements TabClaim {
  claims: { mode: string; report: { granted(): void; waiting(): void; lost(): void }; disposed: boolean }[] =
    [];
  claim(mode: "wait" | "steal", report: { granted(): void; waiting(): void; lost(): void }): Disposable {
    const entry = { mode, report, disposed: false };
    this.claims.push(entry);
    return {
      dispose: () => {
        entry.disposed = true;
      },
    };
  }
  get last() {
    const claim = this.claims.at(-1);
    if (!claim) throw new Error("nothing was claimed");
    return claim;
  }
}

class FakeMicrophone implements Microphone {
  readonly changed = new Signal<void>();
  trouble: MicrophoneTrouble | undefined;
  stopped = 0;
  prepared = 0;
  prepare(): void {
    this.prepared++;
  }
  discard(): void {
    this.prepared = 0;
  }
  async open(): Promise<MediaStream> {
    if (this.trouble) throw new MicrophoneError(this.trouble);
    return { getTracks: () => [{ stop: () => this.stopped++ }] } as unknown as MediaStream;
  }
}

function setUp(options: { secureContext?: boolean } = {}) {
  const clock = new ManualClock();
  const lines: FakeLine[] = [];
  const tabs = new FakeTabs();
  const microphone = new FakeMicrophone();
  const reports: string[] = [];
  const ringer = { ringing: false };
  const phone = new Softphone({
    clock,
    secureContext: options.secureContext ?? true,
    claim: tabs,
    microphone,
    ringer: {
      start: () => {
        ringer.ringing = true;
      },
      stop: () => {
        ringer.ringing = false;
      },
    },
    openLine: () => {
      const line = new FakeLine();
      lines.push(line);
      return line;
    },
    reportMicrophone: (report) => reports.push(report),
  });
  const line = (): FakeLine => {
    const last = lines.at(-1);
    if (!last) throw new Error("no line was opened");
    return last;
  };
  const state = () => phone.snapshot.state.kind;
  return { clock, phone, lines, line, tabs, microphone, reports, ringer, state };
}

/** Lets the promise of the microphone settle. */
const settle = () =>
  new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(resolve))));

async function setUpReady() {
  const all = setUp();
  all.phone.start();
  all.tabs.last.report.granted();
  await settle();
  all.line().registered.emit();
  return all;
}

test("starts by claiming the tab, then the microphone, then the line", async () => {
  const { phone, tabs, line, state, reports } = setUp();
  phone.start();
  expect(state()).toBe("claiming");
  tabs.last.report.granted();
  expect(state()).toBe("opening");
  await settle();
  expect(state()).toBe("connecting");
  expect(reports).toEqual(["ok"]);
  line().registered.emit();
  expect(state()).toBe("ready");
});

test("over plain HTTP from another machine it says so and asks for nothing", () => {
  const { phone, state, tabs, reports } = setUp({ secureContext: false });
  phone.start();
  expect(state()).toBe("insecure");
  expect(tabs.claims).toEqual([]);
  expect(reports).toEqual(["insecure"]);
});

test("a refused microphone opens no line and is told to the server", async () => {
  const { phone, tabs, microphone, lines, reports } = setUp();
  microphone.trouble = "refused";
  phone.start();
  tabs.last.report.granted();
  await settle();
  expect(phone.snapshot.state).toEqual({ kind: "no_microphone", trouble: "refused" });
  expect(lines).toEqual([]);
  expect(reports).toEqual(["refused"]);
});

test("a headset that is plugged in later is noticed by itself", async () => {
  const { phone, tabs, microphone, state, reports } = setUp();
  microphone.trouble = "absent";
  phone.start();
  tabs.last.report.granted();
  await settle();
  microphone.trouble = undefined;
  microphone.changed.emit();
  await settle();
  expect(state()).toBe("connecting");
  expect(reports).toEqual(["absent", "ok"]);
});

test("another tab has the phone: nothing is opened until taken over", async () => {
  const { phone, tabs, lines, state } = setUp();
  phone.start();
  tabs.last.report.waiting();
  expect(state()).toBe("elsewhere");
  phone.takeOver();
  expect(tabs.claims.map((claim) => [claim.mode, claim.disposed])).toEqual([
    ["wait", true],
    ["steal", false],
  ]);
  tabs.last.report.granted();
  await settle();
  expect(lines.length).toBe(1);
});

test("a tab that loses the phone closes its line and stands in line again", async () => {
  const { phone, tabs, line, lines, microphone, state } = await setUpReady();
  line().invited.emit(new FakeCall("1"));
  tabs.last.report.lost();
  expect(lines[0]?.disposed).toBe(true);
  expect(microphone.stopped).toBe(1);
  expect(phone.snapshot.calls).toEqual([]);
  tabs.last.report.waiting();
  expect(state()).toBe("elsewhere");
});

test("an INVITE rings with the contact and offer it is about, until answered", async () => {
  const { phone, line, ringer } = await setUpReady();
  const call = new FakeCall("1", { "X-Svara-Contact": "c-1", "X-Svara-Offer": "o-1" });
  line().invited.emit(call);
  expect(phone.snapshot.calls).toMatchObject([{ phase: "ringing", contactId: "c-1", offerId: "o-1" }]);
  expect(ringer.ringing).toBe(true);
  phone.answer("1");
  expect(ringer.ringing).toBe(false);
  expect(phone.snapshot.calls[0]?.phase).toBe("answering");
  call.established.emit();
  expect(phone.snapshot.calls[0]?.phase).toBe("talking");
});

test("answering twice answers once", async () => {
  const { phone, line } = await setUpReady();
  const call = new FakeCall("1");
  line().invited.emit(call);
  phone.answer("1");
  phone.answer("1");
  expect(call.done).toEqual(["answer"]);
});

test("refusing is a 486; the offer and its ring are gone", async () => {
  const { phone, line, ringer } = await setUpReady();
  const call = new FakeCall("1");
  line().invited.emit(call);
  phone.refuse("1");
  expect(call.done).toEqual(["reject 486"]);
  expect(phone.snapshot.calls).toEqual([]);
  expect(ringer.ringing).toBe(false);
});

test.each(["X-Svara-Reattach", "X-Svara-Auto-Answer"])(
  "%s is answered without asking and without ringing",
  async (name) => {
    const { phone, line, ringer } = await setUpReady();
    const call = new FakeCall("1", { [name]: "1" });
    line().invited.emit(call);
    expect(call.done).toEqual(["answer"]);
    expect(phone.snapshot.calls[0]?.phase).toBe("answering");
    expect(ringer.ringing).toBe(false);
  },
);

test("any other value of the header rings as usual", async () => {
  const { line, ringer } = await setUpReady();
  line().invited.emit(new FakeCall("1", { "X-Svara-Auto-Answer": "0" }));
  expect(ringer.ringing).toBe(true);
});

test("a lost registration does not end a running call; it is ready again after registering", async () => {
  const { clock, phone, line, state } = await setUpReady();
  const call = new FakeCall("1");
  line().invited.emit(call);
  phone.answer("1");
  call.established.emit();
  line().lost.emit("network");
  const lostAt = clock.now();
  clock.advance(5_000);
  line().lost.emit("network");
  expect(phone.snapshot.state).toEqual({ kind: "connecting", since: lostAt, refused: false });
  expect(phone.snapshot.calls.length).toBe(1);
  line().registered.emit();
  expect(state()).toBe("ready");
});

test("a refused registration is told apart from a lost network", async () => {
  const { phone, line } = await setUpReady();
  line().lost.emit("refused");
  expect(phone.snapshot.state).toMatchObject({ kind: "connecting", refused: true });
  phone.retry();
  expect(line().retries).toBe(1);
});

test("a change of the network makes the line connect anew at once, whether it knows of a loss or not", async () => {
  const { phone, line } = await setUpReady();
  phone.networkChanged();
  expect(line().retries).toBe(1);
  line().lost.emit("network");
  phone.networkChanged();
  expect(line().retries).toBe(2);
});

test("the microphone is prepared while the tab is claimed, and given back when another tab has the phone", () => {
  const { phone, microphone, tabs } = setUp();
  phone.start();
  expect(microphone.prepared).toBe(1);
  tabs.last.report.waiting();
  expect(microphone.prepared).toBe(0);
});

test("mute and tones reach the call that talks", async () => {
  const { phone, line } = await setUpReady();
  const call = new FakeCall("1");
  line().invited.emit(call);
  phone.setMuted("1", true);
  phone.sendDtmf("1", "5");
  expect(call.done).toEqual([]);
  phone.answer("1");
  call.established.emit();
  phone.setMuted("1", true);
  phone.sendDtmf("1", "5");
  expect(call.done).toEqual(["answer", "mute", "tone 5"]);
  expect(phone.snapshot.calls[0]?.muted).toBe(true);
});

test("hanging up a ringing call refuses it, a running one ends", async () => {
  const { phone, line } = await setUpReady();
  const ringing = new FakeCall("1");
  line().invited.emit(ringing);
  phone.hangUp("1");
  expect(ringing.done).toEqual(["reject 486"]);
  const running = new FakeCall("2");
  line().invited.emit(running);
  phone.answer("2");
  running.established.emit();
  const ended: string[] = [];
  phone.callEnded.on(({ how }) => ended.push(how));
  phone.hangUp("2");
  expect(running.done).toEqual(["answer", "hang up"]);
  expect(ended).toEqual(["ended"]);
});

test("a call withdrawn by the customer stops ringing", async () => {
  const { phone, line, ringer } = await setUpReady();
  const call = new FakeCall("1");
  line().invited.emit(call);
  call.ended.emit("answered_elsewhere");
  expect(phone.snapshot.calls).toEqual([]);
  expect(ringer.ringing).toBe(false);
});

test("switched off while the browser asks for the microphone, it stays off", async () => {
  const { phone, tabs, lines, microphone, state } = setUp();
  phone.start();
  tabs.last.report.granted();
  phone.stop();
  await settle();
  expect(state()).toBe("off");
  expect(lines).toEqual([]);
  expect(microphone.stopped).toBe(1);
});

test("stopping closes the line, frees the microphone and the tab; twice is harmless", async () => {
  const { phone, tabs, lines, microphone, state, clock } = await setUpReady();
  phone.dispose();
  phone.dispose();
  expect(state()).toBe("off");
  expect(lines[0]?.disposed).toBe(true);
  expect(microphone.stopped).toBe(1);
  expect(tabs.last.disposed).toBe(true);
  expect(clock.pending).toBe(0);
  phone.start();
  expect(state()).toBe("claiming");
});
