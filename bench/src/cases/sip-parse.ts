import { parseMessage } from "@svara/sip";
import type { CaseResult } from "./bench-case.ts";
import { perSecond } from "./per-second.ts";

const sdp = [
  "v=0",
  "o=- 3942017 3942017 IN IP4 192.0.2.10",
  "s=-",
  "c=IN IP4 192.0.2.10",
  "t=0 0",
  "m=audio 40110 RTP/AVP 8 0 101",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=ptime:20",
  "a=sendrecv",
  "",
].join("\r\n");

const headers = [
  "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK4b43c2ff8.1;rport",
  "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKnashds8;received=192.0.2.10",
  "Record-Route: <sip:192.0.2.1;lr>",
  "Max-Forwards: 69",
  'From: "Astrid Holm" <sip:+46701740601@carrier.example>;tag=a73kszlfl',
  "To: <sip:+46101740000@centre.example>",
  "Call-ID: 1j9FpLxk3uxtm8tn@192.0.2.10",
  "CSeq: 20 INVITE",
  "Contact: <sip:+46701740601@192.0.2.10:5060;transport=udp>",
  "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE",
  "Supported: 100rel, timer, replaces",
  "P-Asserted-Identity: <sip:+46701740601@carrier.example>",
  "Content-Type: application/sdp",
  `Content-Length: ${sdp.length}`,
];
const invite = message("INVITE sip:+46101740000@centre.example:5060 SIP/2.0", headers, sdp);
const bye = message(
  "BYE sip:+46101740000@192.0.2.20:5060 SIP/2.0",
  [...headers.slice(0, 7), "CSeq: 21 BYE", "Content-Length: 0"],
  "",
);
const ok = message("SIP/2.0 200 OK", headers, sdp);

/** A call's mix: INVITE with SDP, 200 with SDP, BYE. */
export function sipParse(): CaseResult {
  const messages = [invite, ok, bye];
  const value = perSecond(() => {
    for (let n = 0; n < 100; n++) for (const bytes of messages) parseMessage(bytes);
    return 100 * messages.length;
  });
  const bytes = Math.round(messages.reduce((sum, m) => sum + m.length, 0) / messages.length);
  const conditions = `INVITE, 200, BYE in turn, ${bytes} bytes on average, one thread`;
  return {
    group: {
      title: "SIP",
      figures: [
        { id: "sip.parsed", what: "messages parsed", value, unit: "/s", better: "higher", conditions },
      ],
    },
    detail: null,
  };
}

function message(first: string, lines: readonly string[], body: string): Buffer {
  return Buffer.from([first, ...lines, "", body].join("\r\n"), "latin1");
}
