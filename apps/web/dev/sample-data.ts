import { DEFAULT_QUEUE_ROUTING, PERMISSION_NAMES } from "@svara/contracts";

/** Sample data in the shape of the contracts, for looking at pages without a server. */
const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
export const MINUTE = 60_000;
export const started = Date.now();
const ago = (ms: number): number => started - ms;

export const clientId = id(1);
const entity = { revision: 4, archived: false };
const names = [
  "Anna Lindqvist",
  "Oleh Kovalenko",
  "Maja Sandberg",
  "Irina Volkova",
  "Erik Nyström",
  "Kateryna Shevchuk",
  "Johan Bergman",
  "Pavel Sokolov",
  "Sofia Ek",
  "Dmytro Melnyk",
  "Linnea Dahl",
  "Viktor Orlov",
];
export const skills = ["Swedish", "English", "Ukrainian", "Russian", "Billing", "Technical support"].map(
  (name, n) => ({
    id: id(100 + n),
    ...entity,
    name,
    description: n < 4 ? `Speaks ${name} fluently` : "",
  }),
);
export const sites = [
  { id: id(120), ...entity, name: "Stockholm", timeZone: "Europe/Stockholm" },
  { id: id(121), ...entity, name: "Lviv", timeZone: "Europe/Kyiv" },
];
export const teams = ["First line", "Billing", "Evening"].map((name, n) => ({
  id: id(130 + n),
  ...entity,
  name,
  siteId: sites[n % 2]?.id ?? null,
  leaderIds: [id(200)],
}));
export const roles = [
  {
    id: id(150),
    ...entity,
    name: null,
    preset: "administrator",
    permissions: PERMISSION_NAMES.filter((p) => p !== "desk.use"),
  },
  {
    id: id(151),
    ...entity,
    name: null,
    preset: "supervisor",
    permissions: PERMISSION_NAMES.filter((p) => /view|contacts|recordings|agents|desk/.test(p)),
  },
  {
    id: id(152),
    ...entity,
    name: null,
    preset: "agent",
    permissions: [
      "desk.use",
      "desk.dial_out",
      "contacts.view_own",
      "recordings.play_own",
      "customers.view",
      "customers.edit",
    ],
  },
  {
    id: id(153),
    ...entity,
    name: "Quality analyst",
    preset: null,
    permissions: ["contacts.view", "recordings.play", "insight.view"],
  },
];
export const users = names.map((displayName, n) => ({
  id: id(200 + n),
  ...entity,
  username: displayName.split(" ")[0]?.toLowerCase() ?? "",
  displayName,
  email: null,
  language: "en",
  active: n !== 9,
  grants: [{ roleId: id(n === 0 ? 150 : n === 1 ? 151 : 152), scope: { kind: "centre" } }],
  agent:
    n === 1
      ? null
      : {
          teamId: teams[n % 3]?.id ?? null,
          siteId: sites[n % 2]?.id ?? null,
          extension: String(201 + n),
          tiers: [1],
          capacityProfileId: null,
          autoAnswer: n === 3,
          skills: [
            { skillId: skills[n % 4]?.id, level: 3 + (n % 3) },
            { skillId: skills[4 + (n % 2)]?.id, level: 2 + (n % 4) },
          ],
        },
  passwordSet: true,
  mustChangePassword: false,
  lastSignInAt: ago(n * 47 * MINUTE),
  lockedUntil: n === 5 ? started + 600_000 : null,
}));
export const queues = ["Support", "Billing", "Orders", "Підтримка"].map((name, n) => ({
  id: id(300 + n),
  ...entity,
  clientId,
  name,
  medium: "voice",
  priority: n === 0 ? 1 : 0,
  requiredSkills: [{ skillId: skills[n]?.id, minLevel: 2 }],
  teamIds: [],
  agentIds: [],
  ringTimeoutMs: 18_000,
  wrapUp: { mode: "timed", limitMs: 60_000 },
  serviceLevel: { thresholdMs: 20_000, target: 0.8 },
  shortAbandonMs: 5_000,
  musicPromptId: null,
  announce: { position: true, estimatedWait: true, everyMs: 45_000 },
  maxWaiting: null,
  dispositionRequired: n === 0,
  calling: { autoAnswer: n === 0, whisperPromptId: n === 0 ? id(501) : null, callerIdNumberId: null },
  routing: {
    ...DEFAULT_QUEUE_ROUTING,
    steps:
      n === 0
        ? [
            { afterMs: 15_000, skills: [{ skillId: skills[0]?.id ?? "", minLevel: 4 }] },
            { afterMs: 90_000, skills: [{ skillId: skills[0]?.id ?? "", minLevel: 2 }], raise: 1 },
          ]
        : [],
  },
  warnings: [],
}));
export const reasons = ["break", "lunch", "training", "meeting", "back_office", "technical", "personal"].map(
  (code, n) => ({
    id: id(400 + n),
    ...entity,
    code,
    name: null,
    paid: code !== "lunch",
    productive: ["training", "meeting", "back_office"].includes(code),
    position: n * 10,
  }),
);
export const dispositions = [
  "resolved",
  "follow_up",
  "complaint",
  "information",
  "sale",
  "wrong_number",
  "other",
].map((code, n) => ({
  id: id(420 + n),
  ...entity,
  clientId,
  code,
  name: null,
  queueIds: [],
  position: n * 10,
}));
export const hours = [
  {
    id: id(440),
    ...entity,
    clientId,
    name: "Office days",
    timeZone: "Europe/Stockholm",
    weekly: {
      mon: [{ from: "08:00", to: "18:00" }],
      tue: [{ from: "08:00", to: "18:00" }],
      wed: [{ from: "08:00", to: "18:00" }],
      thu: [{ from: "08:00", to: "20:00" }],
      fri: [{ from: "08:00", to: "16:00" }],
      sat: [{ from: "10:00", to: "14:00" }],
    },
    holidays: { country: "SE", spans: [] },
    exceptions: [
      { date: "2026-12-23", spans: [{ from: "08:00", to: "12:00" }], name: "Day before Christmas Eve" },
    ],
  },
];
export const entryPoints = [
  {
    id: id(460),
    ...entity,
    clientId,
    name: "Main number",
    version: 3,
    form: {
      language: "sv",
      greeting: "default",
      recordingNotice: true,
      hoursId: hours[0]?.id,
      queueId: queues[0]?.id,
      music: "default",
      announcePosition: true,
      announceEstimatedWait: true,
      announceEverySec: 45,
      closedThen: { kind: "hangup" },
      unstaffedThen: { kind: "queue", queueId: queues[1]?.id },
    },
  },
  {
    id: id(461),
    ...entity,
    clientId,
    name: "Orders",
    version: 1,
    form: {
      language: "en",
      recordingNotice: true,
      queueId: queues[2]?.id,
      music: "default",
      announcePosition: true,
      announceEstimatedWait: false,
      announceEverySec: 60,
      closedThen: { kind: "hangup" },
    },
  },
];
export const numbers = [
  {
    id: id(470),
    ...entity,
    clientId,
    number: "+46850501100",
    label: "Web site, invoices",
    target: { kind: "entry_point", entryPointId: id(460) },
    outbound: true,
  },
  {
    id: id(471),
    ...entity,
    clientId,
    number: "100",
    label: "Test from a desk phone",
    target: { kind: "entry_point", entryPointId: id(461) },
    outbound: false,
  },
];
export const trunks = [
  {
    id: id(480),
    ...entity,
    name: "Telia SIP",
    inbound: { kind: "address", addresses: ["192.0.2.10"] },
    inboundPasswordSet: false,
    outbound: {
      host: "sip.example.net",
      port: 5060,
      transport: "udp",
      username: null,
      callerId: "+46850501100",
      register: false,
      srtp: "off",
      tlsTrust: { kind: "system" },
      morePeers: [{ host: "sip2.example.net", port: 5060 }],
      order: 1,
      format: "e164_plus",
      prefix: "",
      callerIdPolicy: "own",
      emergency: true,
      countries: null,
      keepAliveSec: 30,
    },
    outboundPasswordSet: false,
    maxCalls: 60,
    country: null,
    incomingNumbers: "national",
  },
];
export const phones = [
  {
    id: id(490),
    ...entity,
    name: "Reception",
    username: "reception",
    agentId: null,
    siteId: sites[0]?.id ?? null,
    maxDevices: 2,
    srtp: null,
  },
];
export const prompts = [
  {
    id: id(500),
    ...entity,
    clientId,
    name: "Christmas greeting",
    kind: "announcement",
    language: "sv",
    source: "recorded",
    durationMs: 8_400,
    bytes: 806_000,
    createdAt: ago(86_400_000),
  },
  {
    id: id(501),
    ...entity,
    clientId,
    name: "Support, to the agent",
    kind: "announcement",
    language: "en",
    source: "recorded",
    durationMs: 1_200,
    bytes: 38_000,
    createdAt: ago(86_400_000),
  },
];
export const clients = [
  {
    id: clientId,
    ...entity,
    name: "Nordljus Energi",
    timeZone: "Europe/Stockholm",
    language: "sv",
    country: "SE",
    recordCalls: true,
    recordingRetentionDays: 90,
    personalDataRetentionDays: 365,
    callerIdNumber: "+46850501100",
  },
];
export const centre = {
  id: id(2),
  revision: 1,
  name: "Nordljus kundcenter",
  timeZone: "Europe/Stockholm",
  language: "sv",
  country: "SE",
};

const states = [
  "talking",
  "talking",
  "available",
  "wrap_up",
  "held",
  "reserved",
  "not_ready",
  "available",
  "talking",
  "not_responding",
  "consulting",
  "logged_out",
] as const;
export const floorAgents = names.map((name, n) => ({
  id: id(200 + n),
  name,
  teamId: teams[n % 3]?.id,
  siteId: sites[n % 2]?.id,
  state: states[n] ?? "available",
  since: ago(17_000 + n * 41_000),
  ...(states[n] === "not_ready" ? { reasonId: reasons[1]?.id } : {}),
  ...(states[n] === "not_responding" ? { reasonId: "rona" } : {}),
  ...(["talking", "held", "wrap_up", "consulting"].includes(states[n] ?? "")
    ? { contactId: id(700 + n), queueId: queues[n % 4]?.id, medium: "voice" }
    : {}),
  handledToday: 3 + ((n * 7) % 19),
  ...(["talking", "held", "consulting"].includes(states[n] ?? "")
    ? { talking: true, quality: (["good", "good", "fair", "poor"] as const)[n % 4] }
    : {}),
  ...(n === 1
    ? { monitors: [{ id: id(870), supervisorId: id(202), name: "Maja Sandberg", mode: "whisper" }] }
    : {}),
}));
export const floorQueues = queues.map((queue, n) => ({
  id: queue.id,
  name: queue.name,
  clientId,
  medium: "voice",
  waiting: [3, 0, 1, 0][n] ?? 0,
  longestWaitMs: [47_000, 0, 12_000, 0][n] ?? 0,
  ...(n === 0 ? { oldestEnqueuedAt: ago(47_000) } : n === 2 ? { oldestEnqueuedAt: ago(12_000) } : {}),
  agents: [
    { available: 1, reserved: 1, talking: 3, wrap_up: 1, not_ready: 1 },
    { available: 2, reserved: 0, talking: 1, wrap_up: 0, not_ready: 0 },
    { available: 0, reserved: 0, talking: 2, wrap_up: 1, not_ready: 2 },
    { available: 1, reserved: 0, talking: 0, wrap_up: 0, not_ready: 0 },
  ][n] ?? { available: 0, reserved: 0, talking: 0, wrap_up: 0, not_ready: 0 },
  serviceLevel: [0.74, 0.91, 0.58, null][n] ?? null,
  serviceLevelTarget: 0.8,
  thresholdSec: 20,
  definition: "SL4.v1",
  offered: [182, 64, 97, 0][n] ?? 0,
  answered: [164, 61, 80, 0][n] ?? 0,
  abandoned: [15, 3, 16, 0][n] ?? 0,
  shortAbandoned: [4, 1, 3, 0][n] ?? 0,
  flowOut: 0,
  abandonRate: [0.082, 0.047, 0.165, null][n] ?? null,
  answerRate: [0.9, 0.95, 0.82, null][n] ?? null,
  averageAnswerMs: [18_000, 9_000, 31_000, null][n] ?? null,
}));
export const floor = {
  date: "2026-11-22",
  queues: floorQueues,
  agents: floorAgents,
  totals: {
    waiting: 4,
    longestWaitMs: 47_000,
    oldestEnqueuedAt: ago(47_000),
    offered: 343,
    answered: 305,
    abandoned: 34,
    serviceLevel: 0.76,
    definition: "SL4.v1",
    agentsLoggedIn: 11,
    agentsAvailable: 2,
    agentsTalking: 5,
  },
};

const customers = [
  "Karin Holm",
  "Petro Bondarenko",
  null,
  "Astrid Wall",
  "Sergei Ivanov",
  "Nils Åkesson",
  null,
  "Olena Tkachenko",
];
const outcomes = [
  "answered",
  "answered",
  "abandoned_queue",
  "answered",
  null,
  "out_of_hours",
  "answered",
  "failed_tech",
] as const;
export const contacts = Array.from({ length: 24 }, (_, n) => ({
  id: id(700 + n),
  clientId,
  shortNumber: 1480 - n,
  medium: "voice",
  direction: n % 7 === 3 ? "outbound" : "inbound",
  outcome: outcomes[n % 8] ?? null,
  startedAt: ago((n * 23 + 4) * MINUTE),
  answeredAt: outcomes[n % 8] === "answered" ? ago((n * 23 + 3.6) * MINUTE) : null,
  endedAt: n % 8 === 4 ? null : ago(n * 23 * MINUTE),
  waitMs: 4_000 + ((n * 3_700) % 61_000),
  talkMs: outcomes[n % 8] === "answered" ? 95_000 + n * 7_000 : null,
  queue: { id: queues[n % 4]?.id, name: queues[n % 4]?.name },
  agent: outcomes[n % 8] === "answered" ? { id: id(200 + (n % 8)), name: names[n % 8] } : null,
  entryPoint: { id: id(460), name: "Main number" },
  customer:
    customers[n % 8] === null ? null : { id: id(800 + n), shortNumber: 90 + n, name: customers[n % 8] },
  remoteNumber: n % 8 === 6 ? null : `+4670${String(1234500 + n * 311)}`,
  dispositionId: n % 3 === 0 ? dispositions[n % 7]?.id : null,
  hasRecording: outcomes[n % 8] === "answered",
}));
const t0 = ago(4 * MINUTE);
const person = { id: id(200), name: "Anna Lindqvist" };
const second = { id: id(202), name: "Maja Sandberg" };
const supportQueue = { id: queues[0]?.id, name: "Support" };
const seg = (
  n: number,
  party: string,
  kind: string,
  from: number,
  to: number,
  agent: object | null,
  queue: object | null,
) => ({
  id: id(900 + n),
  party,
  kind,
  startedAt: t0 + from * 1000,
  endedAt: t0 + to * 1000,
  endReason: null,
  agent,
  queue,
});
const event = (
  n: number,
  at: number,
  type: string,
  agent: object | null,
  queue: object | null,
  details = {},
) => ({ id: id(950 + n), seq: n, at: t0 + at * 1000, type, actor: "system", agent, queue, details });
const leg = (
  n: number,
  party: string,
  agent: object | null,
  from: number,
  answered: number | null,
  to: number,
  sound: { mos: number; remoteMos: number | null; codec: string; loss: number; jitter: number } | null,
) => ({
  id: `leg-${n}`,
  party,
  agent,
  startedAt: t0 + from * 1000,
  answeredAt: answered === null ? null : t0 + answered * 1000,
  endedAt: t0 + to * 1000,
  quality: sound && {
    mos: sound.mos,
    remoteMos: sound.remoteMos,
    codec: sound.codec,
    lossShare: sound.loss,
    jitterMs: sound.jitter,
    roundTripMs: 38,
  },
});
export const contactDetail = {
  ...contacts[0],
  origin: "customer",
  linkedTo: null,
  linked: [id(701)],
  localNumber: "+46850501100",
  notes: "Invoice 4417 was charged twice. Refund is on its way, confirmation by mail.",
  notesUpdatedAt: ago(MINUTE),
  segments: [
    seg(0, "customer", "flow", 0, 14, null, null),
    seg(1, "customer", "queue", 14, 41, null, supportQueue),
    seg(2, "customer", "talk", 41, 128, person, null),
    seg(3, "customer", "hold", 128, 161, person, null),
    seg(4, "customer", "talk", 161, 228, second, null),
    seg(5, "handler", "ring", 35, 41, person, supportQueue),
    seg(6, "handler", "talk", 41, 161, person, null),
    seg(7, "handler", "wrap_up", 161, 182, person, null),
    seg(8, "handler", "consult", 134, 161, second, null),
    seg(9, "handler", "talk", 161, 228, second, null),
    seg(10, "handler", "wrap_up", 228, 240, second, null),
  ],
  events: [
    event(0, 0, "contact.created", null, null),
    event(1, 2, "flow.step", null, null, { stepKind: "play" }),
    event(2, 9, "notice.played", null, null),
    event(3, 14, "queue.entered", null, supportQueue),
    event(4, 35, "offer.made", person, supportQueue),
    event(5, 41, "offer.accepted", person, supportQueue),
    event(6, 41, "recording.started", null, null),
    event(7, 128, "leg.held", person, null, { by: "agent" }),
    event(8, 134, "transfer.started", person, null),
    event(9, 139, "transfer.cancelled", person, null, { reason: "merged" }),
    event(12, 139, "conference.joined", second, null, { party: "agent" }),
    event(13, 144, "monitor.started", person, null, { mode: "listen", supervisorId: id(202) }),
    event(14, 149, "monitor.changed", person, null, { mode: "whisper", supervisorId: id(202) }),
    event(15, 155, "monitor.ended", person, null, { supervisorId: id(202), reason: "supervisor" }),
    event(16, 161, "conference.left", person, null, { party: "agent", reason: "left" }),
    event(17, 170, "park.started", second, null, { parkId: id(960) }),
    event(18, 183, "park.ended", second, null, { parkId: id(960), reason: "picked_up" }),
    event(10, 228, "leg.ended", null, null, { by: "customer" }),
    event(11, 240, "disposition.set", second, null),
  ],
  legs: [
    leg(0, "customer", null, 0, 0, 228, { mos: 4.3, remoteMos: 4.1, codec: "PCMA", loss: 0.002, jitter: 6 }),
    leg(1, "agent", person, 35, 41, 161, {
      mos: 3.8,
      remoteMos: null,
      codec: "opus",
      loss: 0.021,
      jitter: 24,
    }),
    leg(2, "agent", second, 134, 139, 228, { mos: 4.4, remoteMos: 4.4, codec: "PCMA", loss: 0, jitter: 2 }),
    leg(3, "external", null, 136, null, 150, null),
  ],
  recordings: [
    {
      id: id(990),
      startedAt: t0 + 41_000,
      durationMs: 187_000,
      state: "stored",
      channels: 2,
      agent: person,
      deleteAt: started + 90 * 86_400_000,
    },
  ],
  may: { edit: true, play: true, exportRecording: true },
};
export const waveform = {
  durationMs: 187_000,
  sampleRateHz: 8_000,
  channels: [0, 1].map((channel) =>
    Array.from({ length: 900 }, (_, n) => {
      const turn = Math.sin(n / 37 + channel * Math.PI) > 0 ? 1 : 0.06;
      return Math.abs(Math.sin(n * 1.7 + channel) * Math.sin(n / 9) * 0.85) * turn + 0.02;
    }),
  ),
};
export const revisions = [
  {
    revision: 41,
    at: ago(3 * MINUTE),
    actor: { id: id(200), name: "Anna Lindqvist" },
    clientId,
    kind: "queue",
    entityId: id(300),
    entityName: "Support",
    change: "changed",
    summary: null,
    before: { name: "Support", ringTimeoutMs: 15_000, serviceLevel: { target: 0.75 } },
    after: { name: "Support", ringTimeoutMs: 18_000, serviceLevel: { target: 0.8 } },
    undoes: null,
    undoneBy: null,
  },
  {
    revision: 40,
    at: ago(48 * MINUTE),
    actor: { id: id(200), name: "Anna Lindqvist" },
    clientId: null,
    kind: "user",
    entityId: id(211),
    entityName: "Viktor Orlov",
    change: "created",
    summary: null,
    before: null,
    after: { displayName: "Viktor Orlov", language: "ru" },
    undoes: null,
    undoneBy: null,
  },
  {
    revision: 39,
    at: ago(300 * MINUTE),
    actor: { id: id(200), name: "Anna Lindqvist" },
    clientId,
    kind: "hours",
    entityId: id(440),
    entityName: "Office days",
    change: "changed",
    summary: null,
    before: { weekly: { fri: [{ from: "08:00", to: "18:00" }] } },
    after: { weekly: { fri: [{ from: "08:00", to: "16:00" }] } },
    undoes: null,
    undoneBy: 40,
  },
];
export const tokens = [
  {
    id: id(995),
    name: "Wallboard in the hall",
    permissions: ["floor.view"],
    scope: { kind: "centre" },
    createdAt: ago(9e8),
    createdBy: "Anna Lindqvist",
    lastUsedAt: ago(20_000),
    expiresAt: null,
  },
];
export const audit = ["signed_in", "recording_played", "contacts_exported", "sign_in_failed"].map(
  (action, n) => ({
    id: id(996 + n),
    at: ago(n * 31 * MINUTE),
    action,
    userId: id(200),
    userName: "Anna Lindqvist",
    address: "192.0.2.14",
    subjectId: null,
  }),
);
export const history = [
  {
    contactId: id(705),
    shortNumber: 1204,
    medium: "voice",
    direction: "inbound",
    startedAt: ago(12 * 86_400_000),
    durationMs: 214_000,
    outcome: "answered",
    queueName: "Billing",
    agentName: "Oleh Kovalenko",
    dispositionId: id(423),
    notes: "Asked for invoices by e-mail. Address confirmed.",
  },
  {
    contactId: id(706),
    shortNumber: 988,
    medium: "voice",
    direction: "inbound",
    startedAt: ago(41 * 86_400_000),
    durationMs: 65_000,
    outcome: "abandoned_queue",
    queueName: "Support",
    agentName: null,
    dispositionId: null,
    notes: null,
  },
  {
    contactId: id(707),
    shortNumber: 961,
    medium: "voice",
    direction: "outbound",
    startedAt: ago(43 * 86_400_000),
    durationMs: 128_000,
    outcome: "answered",
    queueName: null,
    agentName: "Maja Sandberg",
    dispositionId: id(421),
    notes: "Promised a visit of the technician next week.",
  },
];
export const directory = [
  ...floorAgents.slice(1, 8).map((agent) => ({
    kind: "agent",
    id: agent.id,
    name: agent.name,
    state: agent.state,
    since: agent.since,
    teamName: teams.find((team) => team.id === agent.teamId)?.name,
    extension: "204",
  })),
  ...floorQueues.map((queue) => ({
    kind: "queue",
    id: queue.id,
    name: queue.name,
    waiting: queue.waiting,
    available: queue.agents.available,
  })),
];

const base = {
  contactId: id(700),
  clientId,
  shortNumber: 1481,
  direction: "inbound",
  medium: "voice",
  queue: supportQueue,
  entryPoint: { name: "Main number", language: "sv" },
  waitedMs: 27_000,
  customer: { id: id(800), shortNumber: 90, name: "Karin Holm", number: "+46701234500" },
  remoteNumber: "+46701234500",
  recording: "on",
} as const;
/** Desks to look at, by name: `?desk=` of the screenshot script. */
export const desks: Readonly<Record<string, { agent: string; reason?: string; contacts: object[] }>> = {
  out: { agent: "logged_out", contacts: [] },
  idle: { agent: "available", contacts: [] },
  away: { agent: "not_ready", reason: "rona", contacts: [] },
  offer: {
    agent: "reserved",
    contacts: [
      {
        ...base,
        state: "offered",
        recording: "off",
        since: ago(4_000),
        offer: { offerId: id(850), expiresAt: started + 14_000 },
        autoAnswer: true,
      },
    ],
  },
  callback: {
    agent: "reserved",
    contacts: [
      {
        ...base,
        state: "offered",
        direction: "outbound",
        recording: "off",
        since: ago(4_000),
        callbackAttempt: 2,
        offer: { offerId: id(850), expiresAt: started + 14_000 },
      },
    ],
  },
  forced: {
    agent: "wrap_up",
    contacts: [
      {
        ...base,
        state: "wrap_up",
        since: ago(19_000),
        answeredAt: ago(200_000),
        wrapUp: { startedAt: ago(19_000), limitAt: started + 41_000, forced: true },
      },
    ],
  },
  talking: {
    agent: "talking",
    contacts: [
      {
        ...base,
        state: "talking",
        since: ago(94_000),
        answeredAt: ago(94_000),
        notes: "Invoice 4417 charged twice.",
        wrapUpRequested: true,
        crossSell: true,
        quality: "fair",
      },
    ],
  },
  conference: {
    agent: "conferenced",
    contacts: [
      {
        ...base,
        state: "talking",
        since: ago(31_000),
        answeredAt: ago(194_000),
        quality: "good",
        monitored: "whisper",
        conference: [
          { participantId: "customer", kind: "customer", label: "Karin Holm", state: "talking", self: false },
          { participantId: "me", kind: "agent", label: "Anna Lindqvist", state: "talking", self: true },
          { participantId: "p2", kind: "agent", label: "Maja Sandberg", state: "talking", self: false },
          { participantId: "p3", kind: "number", label: "+46850501190", state: "ringing", self: false },
        ],
      },
    ],
  },
  announcing: {
    agent: "talking",
    contacts: [
      {
        ...base,
        state: "talking",
        since: ago(1_000),
        answeredAt: ago(1_000),
        announcing: true,
        autoAnswer: true,
      },
    ],
  },
  calling: { agent: "not_ready", reason: "do_not_disturb", contacts: [] },
  consult: {
    agent: "consulting",
    contacts: [
      {
        ...base,
        state: "consulting",
        since: ago(12_000),
        answeredAt: ago(194_000),
        consult: { state: "talking", target: { kind: "agent", label: "Maja Sandberg" }, customerHeld: true },
      },
    ],
  },
  detached: {
    agent: "talking",
    contacts: [{ ...base, state: "detached", since: ago(5_000), answeredAt: ago(194_000) }],
  },
  wrap: {
    agent: "wrap_up",
    contacts: [
      {
        ...base,
        state: "wrap_up",
        since: ago(19_000),
        answeredAt: ago(200_000),
        wrapUp: { startedAt: ago(19_000), limitAt: started + 41_000 },
        notes: "Invoice 4417 charged twice. Refund promised.",
      },
    ],
  },
};
export const me = id(200);
