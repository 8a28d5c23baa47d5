import { Tooltip } from "@mantine/core";
import type { FloorQueue } from "@svara/contracts";
import {
  type Icon,
  IconBellRinging,
  IconCircleCheck,
  IconCoffee,
  IconPencil,
  IconPhoneCall,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./floor.module.css";

type Kind = keyof FloorQueue["agents"];
const KINDS: readonly { readonly kind: Kind; readonly icon: Icon; readonly tone: string }[] = [
  { kind: "available", icon: IconCircleCheck, tone: "available" },
  { kind: "reserved", icon: IconBellRinging, tone: "ringing" },
  { kind: "talking", icon: IconPhoneCall, tone: "talking" },
  { kind: "wrap_up", icon: IconPencil, tone: "wrap" },
  { kind: "not_ready", icon: IconCoffee, tone: "away" },
];

/** How many agents of a queue are in which state, each with its icon and colour. */
export function QueueAgents({
  agents,
  short,
}: {
  readonly agents: FloorQueue["agents"];
  readonly short?: boolean;
}) {
  const { t } = useTranslation();
  const shown = short ? KINDS.filter(({ kind }) => agents[kind] > 0 || kind === "available") : KINDS;
  return (
    <span className={classes.dots}>
      {shown.map((each) => (
        <Tooltip key={each.kind} label={t(`agent_state.${each.kind}`)}>
          <span
            className={`${classes.dot} sv-num`}
            style={{
              color: agents[each.kind] === 0 ? "var(--mantine-color-dimmed)" : `var(--sv-state-${each.tone})`,
            }}
          >
            <each.icon size={15} stroke={2} aria-label={t(`agent_state.${each.kind}`)} />
            {agents[each.kind]}
          </span>
        </Tooltip>
      ))}
    </span>
  );
}
