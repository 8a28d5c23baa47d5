import type { DeskState } from "@svara/contracts";
import {
  type Icon,
  IconAlertTriangle,
  IconBellRinging,
  IconCircleCheck,
  IconCoffee,
  IconHeadphones,
  IconPencil,
  IconPhoneCall,
  IconPhoneOutgoing,
  IconPhonePause,
  IconPower,
  IconQuestionMark,
  IconUsers,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export type AgentState = DeskState["agent"]["state"];

type Tone = "available" | "ringing" | "talking" | "held" | "wrap" | "away" | "trouble";

const LOOKS: Readonly<Record<AgentState, { readonly tone: Tone; readonly icon: Icon }>> = {
  logged_out: { tone: "away", icon: IconPower },
  not_ready: { tone: "away", icon: IconCoffee },
  available: { tone: "available", icon: IconCircleCheck },
  reserved: { tone: "ringing", icon: IconBellRinging },
  dialing: { tone: "talking", icon: IconPhoneOutgoing },
  talking: { tone: "talking", icon: IconPhoneCall },
  held: { tone: "held", icon: IconPhonePause },
  consulting: { tone: "talking", icon: IconUsers },
  conferenced: { tone: "talking", icon: IconUsers },
  wrap_up: { tone: "wrap", icon: IconPencil },
  not_responding: { tone: "trouble", icon: IconAlertTriangle },
  busy_other: { tone: "away", icon: IconPhoneCall },
  monitoring: { tone: "away", icon: IconHeadphones },
  unknown: { tone: "trouble", icon: IconQuestionMark },
};

/** A key that ends in `_other` would be a plural form to the catalogue. */
function wordOf(state: AgentState): Exclude<AgentState, "busy_other"> | "busy" {
  return state === "busy_other" ? "busy" : state;
}

/** The colour of a state, as a CSS value; always shown beside its word or icon. */
export function stateColor(state: AgentState): string {
  return `var(--sv-state-${LOOKS[state].tone})`;
}

/** An agent's state: icon, word and colour together. `detail` stands in for the word, such as the name of a reason. */
export function StateBadge({
  state,
  detail,
}: {
  readonly state: AgentState;
  readonly detail?: string | undefined;
}) {
  const { t } = useTranslation();
  const look = LOOKS[state];
  return (
    <Pill tone={look.tone} icon={look.icon}>
      {detail ?? t(`agent_state.${wordOf(state)}`)}
    </Pill>
  );
}

/** A rounded label of a tone of the state palette. */
export function Pill(props: { readonly tone: Tone; readonly icon?: Icon; readonly children: string }) {
  return (
    <span
      className="sv-state"
      style={{ color: `var(--sv-state-${props.tone})`, background: `var(--sv-state-${props.tone}-soft)` }}
    >
      {props.icon && <props.icon size={15} stroke={2} aria-hidden="true" style={{ flex: "none" }} />}
      <span>{props.children}</span>
    </span>
  );
}
