import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { PERMISSION_NAMES } from "@svara/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import * as calls from "./sample-calling.ts";
import * as sample from "./sample-data.ts";
import * as dialing from "./sample-dialing.ts";
import * as office from "./sample-office.ts";
import * as routing from "./sample-routing.ts";

/*
 * Serves the built web with sample data, to look at pages before a server is there. Not part of the product:
 * nothing is kept, whatever is written is echoed. `node apps/web/dev/fixture-server.ts [port]`.
 * The page chooses what it sees by cookies: `role` (administrator, agent, none), `desk` (see sample-data), `empty=1`.
 */

const DIST = join(import.meta.dirname, "..", "dist");
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".html": "text/html",
  ".svg": "image/svg+xml",
};

interface View {
  readonly role: string;
  readonly desk: string;
  readonly empty: boolean;
  readonly monitoring: boolean;
  readonly language: string;
}

function viewOf(request: IncomingMessage): View {
  const cookies = new Map(
    (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=") as [string, string]),
  );
  return {
    role: cookies.get("role") ?? "administrator",
    desk: cookies.get("desk") ?? "idle",
    empty: cookies.get("empty") === "1",
    monitoring: cookies.get("monitoring") === "1",
    language: cookies.get("language") ?? "en",
  };
}

const COLLECTIONS: Readonly<Record<string, readonly object[]>> = {
  users: sample.users,
  roles: sample.roles,
  skills: sample.skills,
  teams: sample.teams,
  sites: sample.sites,
  queues: sample.queues,
  "not-ready-reasons": sample.reasons,
  dispositions: sample.dispositions,
  hours: sample.hours,
  "entry-points": sample.entryPoints,
  numbers: sample.numbers,
  trunks: sample.trunks,
  phones: sample.phones,
  prompts: sample.prompts,
  clients: sample.clients,
  revisions: sample.revisions,
  tokens: sample.tokens,
  audit: sample.audit,
  contacts: sample.contacts,
  customers: routing.customers,
  "capacity-profiles": office.capacityProfiles,
};

function sessionOf(view: View): object {
  const agent = view.role === "agent";
  const granted = agent
    ? ["desk.use", "desk.dial_out", "contacts.view_own", "customers.view", "customers.edit"]
    : PERMISSION_NAMES;
  return {
    user: {
      id: sample.me,
      username: "anna",
      displayName: "Anna Lindqvist",
      language: view.language,
      isAgent: true,
      mustChangePassword: false,
    },
    csrf: "sample",
    expiresAt: sample.started + 1e7,
    permissions: granted.map((permission) => ({ permission, scopes: [{ kind: "centre" }] })),
    clients: sample.clients.map(({ id, name, timeZone, language, country }) => ({
      id,
      name,
      timeZone,
      language,
      country,
    })),
    centre: sample.centre,
  };
}

function deskOf(view: View): object {
  const desk = sample.desks[view.desk] ?? { agent: "available", contacts: [] };
  return {
    agent: {
      id: sample.me,
      name: "Anna Lindqvist",
      presence:
        desk.agent === "logged_out"
          ? null
          : desk.agent === "not_ready"
            ? { kind: "not_ready", reasonId: sample.reasons[0]?.id }
            : { kind: "available" },
      state: desk.agent,
      since: sample.started - 154_000,
      ...(desk.reason ? { reasonCode: desk.reason } : {}),
    },
    device: { kind: "browser", registered: true },
    calling: calls.callingOf(view.desk),
    contacts: desk.contacts,
    today: {
      handled: 14,
      talkMs: 4_260_000,
      holdMs: 310_000,
      wrapUpMs: 640_000,
      loggedInMs: 17_300_000,
      notReadyMs: 2_100_000,
      missed: 1,
    },
  };
}

function answer(path: string, url: URL, view: View): unknown {
  const [first = "", second = "", third = ""] = path.split("/");
  switch (first) {
    case "session":
      return view.role === "none" ? undefined : sessionOf(view);
    case "first-run":
      return { needed: false };
    case "about":
      return { version: "0.1.0", epoch: 1, secure: true, httpsUrl: null, demonstration: false };
    case "shipped-prompts":
      return {
        items: ["greeting", "recording-notice", "closed", "unstaffed"].map((name) => ({
          path: `en/${name}.wav`,
          kind: "announcement",
          language: "en",
          name,
        })),
      };
    case "centre":
      return sample.centre;
    case "floor":
      if (second === "queues") return { items: routing.waiting };
      if (second === "monitors") return { items: view.monitoring ? calls.monitors : [] };
      if (path.endsWith("/explain")) return routing.waitExplained;
      if (path.endsWith("/why-not")) return routing.whyNot;
      return sample.floor;
    case "routing":
      return office.routingAnswer(second);
    case "queues":
      if (second === "check") return { errors: [], findings: office.findings };
      break;
    case "calling-rules":
      return calls.callingRules;
    case "dial-rules":
      return second === "try" ? dialing.trialOf(url.searchParams.get("number") ?? "") : dialing.dialRules;
    case "telephony":
      return second === "bans" ? { items: calls.bans } : calls.telephonyStatus;
    case "insight":
      return { items: routing.waitEstimates };
    case "desk":
      if (second === "pickable") return { queues: [{ ...sample.queues[0], waiting: routing.waiting }] };
      if (second === "parked") return { items: ["idle", "talking"].includes(view.desk) ? calls.parked : [] };
      if (second === "ringing") return { items: view.desk === "idle" ? calls.ringing : [] };
      if (second === "caller-ids") return { items: calls.callerIds };
      if (second === "directory") {
        const search = url.searchParams.get("search")?.toLowerCase() ?? "";
        return { items: sample.directory.filter((entry) => entry.name.toLowerCase().includes(search)) };
      }
      if (path.endsWith("/park")) return { slot: calls.parked[0]?.slot };
      if (second === "contacts") return { items: sample.history };
      if (second === "phones")
        return { items: [{ id: sample.phones[0]?.id, name: "Reception", registered: true }] };
      return {
        sipUri: "sip:anna@svara",
        wsPath: "/sip",
        displayName: "Anna",
        tabLease: "tab",
        unavailable: null,
      };
    case "recordings":
      return sample.waveform;
    case "trunks":
      if (third === "status")
        return { calls: 7, registration: "none", reachable: true, detail: null, checkedAt: sample.started };
      break;
    case "phones":
      if (third === "status") return { registered: true, contact: null, userAgent: null, expiresAt: null };
      break;
    case "contacts":
      if (second) return { ...sample.contactDetail, queueStays: routing.queueStays };
      break;
  }
  const items = view.empty && first !== "roles" ? [] : (COLLECTIONS[first] ?? []);
  if (second) return items.find((item) => "id" in item && item.id === second) ?? items[0];
  return { items, nextCursor: null };
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const view = viewOf(request);
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (url.pathname === "/api/health")
    return json(200, { status: "ok", version: "0", database: "ok", epoch: 1, uptimeMs: 1, now: Date.now() });
  if (url.pathname.startsWith("/api/v1/")) {
    const body = answer(url.pathname.slice("/api/v1/".length), url, view);
    if (body === undefined)
      return json(401, {
        type: "about:blank",
        title: "Not signed in",
        status: 401,
        code: "not_signed_in",
        detail: "",
      });
    const echoes = request.method === "GET" || /\/(softphone\/|queues\/check|park$)/.test(url.pathname);
    return json(200, echoes ? body : { revision: 5, id: sample.me });
  }
  const file = extname(url.pathname) === "" ? "index.html" : url.pathname;
  try {
    const content = await readFile(join(DIST, file));
    response
      .writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" })
      .end(content);
  } catch {
    response.writeHead(404).end();
  }
}

function onEvents(socket: WebSocket, view: View): void {
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as { type: string; sub: string; topic: string };
    if (message.type === "ping") socket.send(JSON.stringify({ type: "pong", epoch: 1 }));
    if (message.type !== "subscribe") return;
    const floor = view.empty ? { ...sample.floor, queues: [], agents: [] } : sample.floor;
    const snapshot =
      message.topic === "desk" ? deskOf(view) : message.topic === "floor" ? floor : { revision: 1 };
    socket.send(
      JSON.stringify({
        type: "snapshot",
        sub: message.sub,
        topic: message.topic,
        epoch: 1,
        n: 0,
        data: snapshot,
      }),
    );
  });
}

/** Starts it; the result tells its address and stops it. */
export async function startFixtureServer(port = 0): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => void handle(request, response));
  const events = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (request.url?.startsWith("/api/events"))
      events.handleUpgrade(request, socket, head, (opened) => onEvents(opened, viewOf(request)));
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${at}`,
    close() {
      for (const client of events.clients) client.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

if (import.meta.main) {
  const { url } = await startFixtureServer(Number(process.argv[2] ?? 5180));
  console.log(`sample pages at ${url}`);
}
