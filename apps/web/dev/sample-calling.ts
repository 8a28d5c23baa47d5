import { DEFAULT_CALLING_RULES, DEFAULT_FEATURE_CODES } from "@svara/contracts";
import { clientId, me, queues, started, trunks, users } from "./sample-data.ts";

/** Sample data of the call features, in the shape of the contracts. */
const ago = (ms: number): number => started - ms;
const maja = { id: users[2]?.id, name: "Maja Sandberg" };
const erik = { id: users[4]?.id, name: "Erik Nyström" };

const none = { always: null, busy: null, no_answer: null, unreachable: null };
/** How calls reach the agent of a desk, by the desk's name. */
export const callingOf = (desk: string): object => ({
  doNotDisturb: desk === "calling",
  diversions:
    desk === "calling"
      ? {
          ...none,
          busy: { kind: "queue", queueId: queues[0]?.id },
          no_answer: { kind: "number", number: "+46701234567" },
        }
      : none,
  mayDivertOutside: true,
  autoAnswer: desk === "announcing",
});

export const parked = [
  {
    slot: 3,
    contactId: "018f0000-0000-7000-8000-000000000720",
    shortNumber: 1479,
    parkedAt: ago(41_000),
    returnsAt: started + 79_000,
    parkedBy: maja,
    queueName: "Support",
    remoteName: "Petro Bondarenko",
    remoteNumber: "+380441234567",
  },
];

export const ringing = [
  {
    contactId: "018f0000-0000-7000-8000-000000000721",
    agent: erik,
    kind: "offer",
    since: ago(6_000),
    queueName: "Billing",
    remoteName: null,
    remoteNumber: "+46701234899",
  },
];

export const callerIds = [
  { numberId: "a", number: "+46850501100", label: "Web site, invoices", clientId, isDefault: true },
  { numberId: "b", number: "+46850501147", label: "Anna, direct", clientId, isDefault: false },
];

export const monitors = [
  {
    id: "018f0000-0000-7000-8000-000000000871",
    contactId: "018f0000-0000-7000-8000-000000000708",
    agentId: users[8]?.id,
    mode: "whisper",
    state: "on",
    since: ago(48_000),
    supervisor: { id: me, name: "Anna Lindqvist" },
  },
];

export const callingRules = {
  ...DEFAULT_CALLING_RULES,
  featureCodes: { ...DEFAULT_FEATURE_CODES, take_over: null },
  id: "018f0000-0000-7000-8000-000000000002",
  revision: 3,
};

export const telephonyStatus = {
  alarms: [
    {
      code: "trunk_down",
      since: ago(1_380_000),
      lastAt: ago(12_000),
      count: 46,
      detail: "no answer to OPTIONS",
      trunkId: trunks[0]?.id,
    },
    {
      code: "source_banned",
      since: ago(240_000),
      lastAt: ago(240_000),
      count: 1,
      detail: "198.51.100.77 logins",
      trunkId: null,
    },
  ],
  legs: 23,
  bridges: 9,
  recordings: 8,
  bans: 1,
};

export const bans = [{ address: "198.51.100.77", until: started + 660_000, reason: "logins" }];
