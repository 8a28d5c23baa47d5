import type { Permission, Session } from "@svara/contracts";
import { type Icon, IconActivity, IconBuilding, IconHeadset, IconMessages } from "@tabler/icons-react";
import { mayIn } from "../api/rights.ts";

/** The rooms of the house and who may enter. */
export interface Room {
  readonly key: "desk" | "floor" | "contacts" | "office";
  readonly path: string;
  readonly icon: Icon;
  readonly anyOf: readonly Permission[];
}

const ROOMS: readonly Room[] = [
  { key: "desk", path: "/desk", icon: IconHeadset, anyOf: ["desk.use"] },
  { key: "floor", path: "/floor", icon: IconActivity, anyOf: ["floor.view"] },
  { key: "contacts", path: "/contacts", icon: IconMessages, anyOf: ["contacts.view", "contacts.view_own"] },
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
    return mayIn(session, ...room.anyOf);
  });
}

/** Where a person lands: agents at their desk, supervisors on the floor, the rest in the first room they may enter. */
export function homeOf(session: Session): string {
  const rooms = roomsOf(session);
  const supervises = mayIn(session, "agents.control") && !mayIn(session, "centre.edit");
  const preferred = supervises ? rooms.find((room) => room.key === "floor") : rooms[0];
  return (preferred ?? rooms[0])?.path ?? "/contacts";
}
