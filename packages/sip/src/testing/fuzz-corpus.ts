/**
 * Messages that a fuzzer starts from, as templates: `{b}` is a new branch, `{c}` a Call-ID, `{t}` the sender's tag, `{u}`
 * the receiver's tag in a dialog, `{n}` a CSeq, `{r}` an RSeq, `{via}` the Via of the request that is answered.
 */

const SDP =
  "v=0\r\no=- 4 4 IN IP4 192.0.2.8\r\ns=call\r\nc=IN IP4 192.0.2.8\r\nt=0 0\r\nm=audio 30100 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

function request(method: string, toTag: boolean, lines: readonly string[], body = ""): string {
  return [
    `${method} sip:600@10.0.0.2 SIP/2.0`,
    "Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{b};rport",
    "Max-Forwards: 70",
    'From: "Ebba \\"E\\" Ek" <sip:7@10.0.0.9>;tag={t}',
    `To: <sip:600@10.0.0.2>${toTag ? ";tag={u}" : ""}`,
    "Call-ID: {c}",
    `CSeq: {n} ${method}`,
    "Contact: <sip:7@10.0.0.9:5060>",
    ...lines,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

const SDP_TYPE = "Content-Type: application/sdp";

/** Requests that begin something. */
export const FIRST_REQUESTS: readonly string[] = [
  request(
    "INVITE",
    false,
    ["Supported: 100rel, timer, replaces", "Session-Expires: 1800;refresher=uac", SDP_TYPE],
    SDP,
  ),
  request(
    "INVITE",
    false,
    ["Require: 100rel", "Record-Route: <sip:10.0.0.7;lr>, <sip:10.0.0.8>", SDP_TYPE],
    SDP,
  ),
  request("INVITE", false, [
    "P-Asserted-Identity: <sip:+4681@x>, <tel:+4681>",
    "Privacy: id;critical",
    'Diversion: "Desk" <sip:200@x>;reason=no-answer;counter=2',
    "History-Info: <sip:1@x?Reason=SIP%3Bcause%3D486>;index=1, <sip:2@x;cause=486>;index=1.1",
    "Alert-Info: <http://x>;info=alert-autoanswer;delay=0",
    "Referred-By: <sip:9@x>",
  ]),
  request(
    "INVITE",
    false,
    ['Content-Type: multipart/mixed;boundary="b1"'],
    `--b1\r\nContent-Type: application/isup\r\n\r\nx\r\n--b1\r\n${SDP_TYPE}\r\n\r\n${SDP}--b1--\r\n`,
  ),
  request("REGISTER", false, [
    'Authorization: Digest username="7", realm="svara.test", nonce="00", uri="sip:10.0.0.2", response="00", qop=auth, nc=00000001, cnonce="c"',
    'Contact: <sip:7@[2001:db8::9]:5062;transport=udp>;expires=300;+sip.instance="<urn:uuid:1>";reg-id=1',
    "Expires: 300",
    "Path: <sip:10.0.0.7;lr;ob>",
  ]),
  request("OPTIONS", false, ["Accept: application/sdp"]),
  request("SUBSCRIBE", false, ["Event: presence;id=1", "Expires: 60"]),
  request("MESSAGE", false, ["Content-Type: text/plain"], "hello"),
  request("PUBLISH", false, ["Event: presence"]),
];

/** Requests within a dialog; also sent where there is none. */
export const DIALOG_REQUESTS: readonly string[] = [
  request("ACK", true, []),
  request("ACK", true, [SDP_TYPE], SDP),
  request("BYE", true, ['Reason: Q.850;cause=16;text="ok", SIP;cause=200']),
  request("CANCEL", false, ["Reason: SIP;cause=200"]),
  request("PRACK", true, ["RAck: {r} 1 INVITE"]),
  request("PRACK", true, ["RAck: {r} 1 INVITE", SDP_TYPE], SDP),
  request("UPDATE", true, ["Session-Expires: 90;refresher=uas", "Supported: timer"]),
  request("UPDATE", true, [SDP_TYPE], SDP),
  request("INVITE", true, ["Session-Expires: 90", "Min-SE: 90", "Supported: timer", SDP_TYPE], SDP),
  request("INVITE", true, []),
  request("INFO", true, ["Content-Type: application/dtmf-relay"], "Signal=5\r\nDuration=160\r\n"),
  request("REFER", true, [
    "Refer-To: <sip:300@10.0.0.9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
    "Refer-Sub: false",
  ]),
  request("REFER", true, ["Refer-To: <tel:+4681234>", "Referred-By: <sip:7@x>"]),
  request(
    "NOTIFY",
    true,
    ["Event: refer;id=2", "Subscription-State: active;expires=60", "Content-Type: message/sipfrag"],
    "SIP/2.0 180 Ringing\r\n",
  ),
  request("INVITE", false, ["Replaces: {c};to-tag={u};from-tag={t};early-only", SDP_TYPE], SDP),
];

function response(status: string, lines: readonly string[], body = ""): string {
  return [
    `SIP/2.0 ${status}`,
    "Via: {via}",
    "From: {from}",
    "To: {to}",
    "Call-ID: {c}",
    "CSeq: {cseq}",
    "Contact: <sip:600@10.0.0.9>",
    ...lines,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

/** Responses to whatever the stack sends. */
export const RESPONSES: readonly string[] = [
  response("100 Trying", []),
  response("180 Ringing", []),
  response("183 Session Progress", [SDP_TYPE, "P-Early-Media: supported"], SDP),
  response("183 Session Progress", ["Require: 100rel", "RSeq: {r}", "Allow: UPDATE", SDP_TYPE], SDP),
  response("200 OK", ["Allow: INVITE, UPDATE", "Session-Expires: 90;refresher=uac", SDP_TYPE], SDP),
  response("200 OK", ["Record-Route: <sip:10.0.0.7;lr>,<sip:10.0.0.8;lr>", SDP_TYPE], SDP),
  response("200 OK", []),
  response("202 Accepted", ["Refer-Sub: false"]),
  response("302 Moved", ["Contact: <sip:8@10.0.0.9>;q=0.7, <tel:+4681>;q=0.1"]),
  response("401 Unauthorized", [
    'WWW-Authenticate: Digest realm="x", nonce="y", algorithm=MD5, qop="auth,auth-int"',
  ]),
  response("407 Proxy", ['Proxy-Authenticate: Digest realm="x", nonce="y", algorithm=SHA-256']),
  response("422 Small", ["Min-SE: 120"]),
  response("481 Gone", []),
  response("486 Busy Here", ["Reason: Q.850;cause=17"]),
  response("491 Pending", []),
  response("500 Oops", ["Retry-After: 1"]),
  response("503 Full", ["Retry-After: 5"]),
  response("603 No", []),
];
