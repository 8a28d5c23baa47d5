/** The phones of `measure-calls.ts`: sockets that send 50 packets a second each and count what they hear. */
import { makeDtlsIdentity } from "../src/dtls.ts";
import { RtpPhone } from "../src/testing.ts";
import { WebRtcPeer } from "../src/web-rtc-peer.ts";

type ToPhones =
  | { readonly kind: "open"; readonly id: string; readonly leg: "rtp" | "webrtc" }
  | { readonly kind: "connect"; readonly id: string; readonly sdp: string }
  | { readonly kind: "talk"; readonly talks: boolean }
  | { readonly kind: "count" };

const identity = await makeDtlsIdentity();
const phones = new Map<string, RtpPhone | WebRtcPeer>();
const payload = new Uint8Array(160).fill(0xd5);
let heard = 0;

process.on("disconnect", () => process.exit());
process.on("message", (message: ToPhones) => void handle(message));
process.send?.({ kind: "ready" });

async function handle(message: ToPhones): Promise<void> {
  switch (message.kind) {
    case "open": {
      const phone =
        message.leg === "rtp"
          ? await RtpPhone.open(Math.floor(Math.random() * 2 ** 31))
          : await WebRtcPeer.open(identity);
      phones.set(message.id, phone);
      const sdp = phone instanceof RtpPhone ? phone.sdp({ codecs: ["PCMU"] }) : phone.sdp("actpass");
      process.send?.({ kind: "offer", id: message.id, sdp });
      return;
    }
    case "connect": {
      const phone = phones.get(message.id);
      if (phone instanceof RtpPhone) {
        phone.aim(message.sdp);
        phone.socket.removeAllListeners("message");
        phone.socket.on("message", () => heard++);
      } else if (phone) {
        await phone.connect(message.sdp);
        phone.socket.removeAllListeners("message");
        phone.socket.on("message", () => heard++);
      }
      process.send?.({ kind: "connected", id: message.id });
      return;
    }
    case "talk":
      talk(message.talks);
      return;
    case "count":
      process.send?.({ kind: "heard", packets: heard });
      return;
  }
}

/** Spreads the phones over the period, a tenth of them each 2 ms. */
function talk(all: boolean): void {
  const list = [...phones.values()];
  const slots = 10;
  const start = performance.now();
  let tick = 0;
  const step = (): void => {
    for (; start + tick * 2 <= performance.now(); tick++) {
      if (!all && tick > slots) continue;
      for (let i = tick % slots; i < list.length; i += slots) {
        const phone = list[i];
        if (phone instanceof RtpPhone) void phone.send(0, payload);
        else phone?.send(payload);
      }
    }
    setTimeout(step, 1);
  };
  step();
}
