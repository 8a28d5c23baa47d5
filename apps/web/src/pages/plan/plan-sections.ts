import type { Permission } from "@svara/contracts";
import {
  type Icon,
  IconArrowsSplit2,
  IconCalendarUser,
  IconCalendarWeek,
  IconChartAreaLine,
  IconClockHour4,
  IconInbox,
  IconUsersGroup,
} from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** A page of the Plan room: its address is `/plan/<key>`, its name `plan.sections.<key>`. */
export interface PlanSection {
  readonly key: "today" | "forecast" | "staffing" | "roster" | "requests" | "what-if" | "my-schedule";
  readonly icon: Icon;
  readonly view: Permission;
  readonly page: LazyExoticComponent<ComponentType>;
}

export const PLAN_SECTIONS: readonly PlanSection[] = [
  {
    key: "today",
    icon: IconClockHour4,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./today/today-page.tsx")).TodayPage })),
  },
  {
    key: "forecast",
    icon: IconChartAreaLine,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./forecast/forecast-page.tsx")).ForecastPage })),
  },
  {
    key: "staffing",
    icon: IconUsersGroup,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./staffing/staffing-page.tsx")).StaffingPage })),
  },
  {
    key: "roster",
    icon: IconCalendarWeek,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./roster/roster-page.tsx")).RosterPage })),
  },
  {
    key: "requests",
    icon: IconInbox,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./requests/requests-page.tsx")).RequestsPage })),
  },
  {
    key: "what-if",
    icon: IconArrowsSplit2,
    view: "plan.view",
    page: lazy(async () => ({ default: (await import("./what-if/what-if-page.tsx")).WhatIfPage })),
  },
  {
    key: "my-schedule",
    icon: IconCalendarUser,
    view: "plan.own",
    page: lazy(async () => ({
      default: (await import("./my-schedule/my-schedule-page.tsx")).MySchedulePage,
    })),
  },
];
