import type { Permission, Session } from "@svara/contracts";
import {
  type Icon,
  IconActivity,
  IconBuilding,
  IconCalendarStats,
  IconChartHistogram,
  IconHeadset,
  IconMessages,
} from "@tabler/icons-react";
import { mayIn } from "../api/rights.ts";

/** The rooms of the house and who may enter. */
export interface Room {
  readonly key: "desk" | "floor" | "contacts" | "insight" | "plan" | "office";
  readonly path: string;
  /** Other addresses of the same room. */
  readonly also?: readonly string[];
  readonly icon: Icon;
  readonly anyOf: readonly Permission[];
}

const ROOMS: readonly Room[] = [
  { key: "desk", path: "/desk", icon: IconHeadset, anyOf: ["desk.use"] },
  { key: "floor", path: "/floor", icon: IconActivity, anyOf: ["floor.view"] },
  {
    key: "contacts",
    path: "/contacts",
    also: ["/customers"],
    icon: IconMessages,
    anyOf: ["contacts.view", "contacts.view_own"],
  },
  { key: "insight", path: "/insight", icon: IconChartHistogram, anyOf: ["insight.view"] },
  { key: "plan", path: "/plan", icon: IconCalendarStats, anyOf: ["plan.view", "plan.own"] },
  {
    key: "office",
    path: "/office",
    icon: IconBuilding,
    anyOf: [
      "centre.view",
      "users.view",
      "queues.view",
      "entry_points.view",
      "telephony.view",
      "organisation.view",
    ],
  },
];

export function roomsOf(session: Session): readonly Room[] {
  return ROOMS.filter((room) => {
    if (room.key === "desk" && !session.user.isAgent) return false;
    if (room.key === "plan" && !session.user.isAgent) return mayIn(session, "plan.view");
    return mayIn(session, ...room.anyOf);
  });
}

/** Whether an address is in the room. */
export function isIn(room: Room, location: string): boolean {
  return [room.path, ...(room.also ?? [])].some(
    (path) => location === path || location.startsWith(`${path}/`),
  );
}

/** Where a person lands: agents at their desk, supervisors on the floor, the rest in the first room they may enter. */
export function homeOf(session: Session): string {
  const rooms = roomsOf(session);
  const supervises = mayIn(session, "agents.control") && !mayIn(session, "centre.edit");
  const preferred = supervises ? rooms.find((room) => room.key === "floor") : rooms[0];
  return (preferred ?? rooms[0])?.path ?? "/contacts";
}
