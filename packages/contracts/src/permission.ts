/** Every right there is, with what it lets a person do. A role is a set of these, granted with a scope. */
export const PERMISSIONS = {
  "centre.view": "See the centre's and the clients' settings",
  "centre.edit": "Change the centre's settings",
  "clients.edit": "Create and change clients",
  "users.view": "See users and whom they work for",
  "users.edit": "Create and change users, reset passwords, grant roles not above one's own",
  "roles.view": "See roles",
  "roles.edit": "Create and change roles",
  "organisation.view": "See teams, sites and skills",
  "organisation.edit": "Change teams, sites, skills and not-ready reasons",
  "queues.view": "See queues and dispositions",
  "queues.edit": "Change queues and dispositions",
  "entry_points.view": "See numbers, entry points, prompts and opening hours",
  "entry_points.edit": "Change numbers, entry points, prompts and opening hours",
  "telephony.view": "See trunks and phones",
  "telephony.edit": "Change trunks and phones",
  "desk.use": "Take and make contacts",
  "desk.dial_out": "Call numbers outside the centre",
  "dial.abroad": "Call numbers in other countries",
  "dial.high_cost": "Call premium numbers and satellites",
  "desk.pick": "Take waiting contacts out of a queue by hand",
  "desk.pick_up": "Take calls that ring at colleagues of other teams",
  "desk.divert_outside": "Divert one's own calls to numbers outside the centre",
  "floor.view": "See queues and agents live",
  "agents.control": "Set an agent's presence, sign an agent out of the queue",
  "monitor.listen": "Listen to running calls without being heard",
  "monitor.whisper": "Speak to an agent in a call, unheard by the customer",
  "monitor.barge": "Speak to all in a running call",
  "monitor.take_over": "Take the customer out of an agent's call",
  "contacts.view": "See contacts",
  "contacts.view_own": "See the contacts one took oneself",
  "contacts.edit": "Change notes and disposition after wrap-up",
  "contacts.export": "Export contacts",
  "recordings.play": "Listen to recordings",
  "recordings.play_own": "Listen to the recordings of one's own contacts",
  "recordings.export": "Download recordings",
  "customers.view": "See customers",
  "customers.edit": "Create and change customers",
  "customers.erase": "Erase a customer and all personal data about them",
  "insight.view": "See figures and reports",
  "revisions.view": "See who changed the configuration, when and how",
  "revisions.undo": "Undo a change of the configuration",
  "audit.view": "See sign-ins, uses of recordings, exports and erasures",
  "tokens.edit": "Create and withdraw API tokens",
  "metrics.view": "Read the metrics",
} as const;

export type Permission = keyof typeof PERMISSIONS;

export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];

/** Who may call a route: everybody, whoever is signed in, or the holders of a permission. */
export type RouteAccess = "public" | "signed_in" | Permission;

/** What a grant covers. `site` and `team` cover people and what they handled; `client` and `queue` cover business. */
export const SCOPE_KINDS = ["centre", "site", "team", "client", "queue"] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

export type PresetRole = "administrator" | "supervisor" | "agent";

/** The roles that come with Svara. Their names are translated by code; they can be copied, not changed or deleted. */
export const PRESET_ROLES: Readonly<Record<PresetRole, readonly Permission[]>> = {
  administrator: PERMISSION_NAMES,
  supervisor: [
    "centre.view",
    "users.view",
    "roles.view",
    "organisation.view",
    "queues.view",
    "entry_points.view",
    "floor.view",
    "agents.control",
    "contacts.view",
    "contacts.edit",
    "contacts.export",
    "recordings.play",
    "recordings.export",
    "customers.view",
    "customers.edit",
    "insight.view",
    "revisions.view",
    "desk.use",
    "desk.dial_out",
    "dial.abroad",
    "desk.pick",
    "desk.pick_up",
    "desk.divert_outside",
    "monitor.listen",
    "monitor.whisper",
    "monitor.barge",
    "monitor.take_over",
  ],
  agent: [
    "desk.use",
    "desk.dial_out",
    "contacts.view_own",
    "recordings.play_own",
    "customers.view",
    "customers.edit",
  ],
};
