import type { Permission } from "@svara/contracts";
import {
  type Icon,
  IconActivityHeartbeat,
  IconAdjustments,
  IconAsterisk,
  IconBuildingStore,
  IconCalendarTime,
  IconChecklist,
  IconClockPause,
  IconDeviceLandlinePhone,
  IconHistory,
  IconKey,
  IconListCheck,
  IconMusic,
  IconPhoneIncoming,
  IconPhoneOff,
  IconRouteAltLeft,
  IconShieldLock,
  IconStack2,
  IconStars,
  IconTags,
  IconUsers,
  IconUsersGroup,
  IconWorld,
} from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

export interface OfficeSection {
  readonly key: SectionKey;
  readonly group: "people" | "incoming" | "telephony" | "work" | "centre";
  readonly icon: Icon;
  readonly view: Permission;
  readonly page: LazyExoticComponent<ComponentType>;
}

export type SectionKey =
  | "users"
  | "roles"
  | "teams"
  | "skills"
  | "capacity"
  | "queues"
  | "routing-rules"
  | "routing-check"
  | "entry-points"
  | "hours"
  | "prompts"
  | "trunks"
  | "phones"
  | "dial-rules"
  | "calling"
  | "telephony"
  | "reasons"
  | "dispositions"
  | "clients"
  | "history"
  | "tokens"
  | "audit";

function page(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: await load() }));
}

/** The rooms of the office, each loaded when entered. */
export const OFFICE_SECTIONS: readonly OfficeSection[] = [
  {
    key: "users",
    group: "people",
    icon: IconUsers,
    view: "users.view",
    page: page(async () => (await import("./users/users-page.tsx")).UsersPage),
  },
  {
    key: "roles",
    group: "people",
    icon: IconShieldLock,
    view: "roles.view",
    page: page(async () => (await import("./roles/roles-page.tsx")).RolesPage),
  },
  {
    key: "teams",
    group: "people",
    icon: IconUsersGroup,
    view: "organisation.view",
    page: page(async () => (await import("./organisation/teams-page.tsx")).TeamsPage),
  },
  {
    key: "skills",
    group: "people",
    icon: IconStars,
    view: "organisation.view",
    page: page(async () => (await import("./organisation/skills-page.tsx")).SkillsPage),
  },
  {
    key: "capacity",
    group: "people",
    icon: IconStack2,
    view: "organisation.view",
    page: page(async () => (await import("./capacity/capacity-page.tsx")).CapacityPage),
  },
  {
    key: "queues",
    group: "incoming",
    icon: IconListCheck,
    view: "queues.view",
    page: page(async () => (await import("./queues/queues-page.tsx")).QueuesPage),
  },
  {
    key: "routing-rules",
    group: "incoming",
    icon: IconAdjustments,
    view: "queues.view",
    page: page(async () => (await import("./routing/routing-rules-page.tsx")).RoutingRulesPage),
  },
  {
    key: "routing-check",
    group: "incoming",
    icon: IconChecklist,
    view: "queues.view",
    page: page(async () => (await import("./routing/routing-check-page.tsx")).RoutingCheckPage),
  },
  {
    key: "entry-points",
    group: "incoming",
    icon: IconPhoneIncoming,
    view: "entry_points.view",
    page: page(async () => (await import("./entry-points/entry-points-page.tsx")).EntryPointsPage),
  },
  {
    key: "hours",
    group: "incoming",
    icon: IconCalendarTime,
    view: "entry_points.view",
    page: page(async () => (await import("./hours/hours-page.tsx")).HoursPage),
  },
  {
    key: "prompts",
    group: "incoming",
    icon: IconMusic,
    view: "entry_points.view",
    page: page(async () => (await import("./prompts/prompts-page.tsx")).PromptsPage),
  },
  {
    key: "trunks",
    group: "telephony",
    icon: IconRouteAltLeft,
    view: "telephony.view",
    page: page(async () => (await import("./telephony/trunks-page.tsx")).TrunksPage),
  },
  {
    key: "phones",
    group: "telephony",
    icon: IconDeviceLandlinePhone,
    view: "telephony.view",
    page: page(async () => (await import("./telephony/phones-page.tsx")).PhonesPage),
  },
  {
    key: "dial-rules",
    group: "telephony",
    icon: IconPhoneOff,
    view: "telephony.view",
    page: page(async () => (await import("./telephony/dial-rules-page.tsx")).DialRulesPage),
  },
  {
    key: "calling",
    group: "telephony",
    icon: IconAsterisk,
    view: "telephony.view",
    page: page(async () => (await import("./telephony/calling-rules-page.tsx")).CallingRulesPage),
  },
  {
    key: "telephony",
    group: "telephony",
    icon: IconActivityHeartbeat,
    view: "telephony.view",
    page: page(async () => (await import("./telephony/telephony-page.tsx")).TelephonyPage),
  },
  {
    key: "reasons",
    group: "work",
    icon: IconClockPause,
    view: "organisation.view",
    page: page(async () => (await import("./codes/reasons-page.tsx")).ReasonsPage),
  },
  {
    key: "dispositions",
    group: "work",
    icon: IconTags,
    view: "queues.view",
    page: page(async () => (await import("./codes/dispositions-page.tsx")).DispositionsPage),
  },
  {
    key: "clients",
    group: "centre",
    icon: IconBuildingStore,
    view: "centre.view",
    page: page(async () => (await import("./clients/clients-page.tsx")).ClientsPage),
  },
  {
    key: "history",
    group: "centre",
    icon: IconHistory,
    view: "revisions.view",
    page: page(async () => (await import("./history/history-page.tsx")).HistoryPage),
  },
  {
    key: "tokens",
    group: "centre",
    icon: IconKey,
    view: "tokens.edit",
    page: page(async () => (await import("./tokens/tokens-page.tsx")).TokensPage),
  },
  {
    key: "audit",
    group: "centre",
    icon: IconWorld,
    view: "audit.view",
    page: page(async () => (await import("./history/audit-page.tsx")).AuditPage),
  },
];

export const OFFICE_GROUPS = ["people", "incoming", "telephony", "work", "centre"] as const;
