import { Text } from "@mantine/core";
import type { RosterAgentView, RosterShiftView, RosterView } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import classes from "./roster.module.css";
import { shiftLabel } from "./shift-label.ts";
import { ShiftMarks } from "./shift-marks.tsx";
import { datesFrom, dayWords, spanWords, wallInstant } from "./zone-time.ts";

const DAY_MS = 86_400_000;

/** Agents by days: each shift as its hours. Enter opens it, Delete takes it away, an empty day takes a new one. */
export function WeekGrid(props: {
  readonly view: RosterView;
  readonly editable: boolean;
  readonly onOpen: (shift: RosterShiftView) => void;
  readonly onAdd: (agentId: string, date: string) => void;
  readonly onRemove: (shift: RosterShiftView) => void;
  readonly onDay: (date: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const { view, editable } = props;
  const dates = datesFrom(view.from, view.days);
  const columns = { gridTemplateColumns: `repeat(${dates.length}, minmax(6.5rem, 1fr))` };
  const byAgent = Map.groupBy(view.shifts, ({ agentId }) => agentId);
  const broken = new Set(view.violations.map(({ agentId, date }) => `${agentId} ${date}`));
  return (
    <section className={classes.scroll} aria-label={t("plan.roster.grid")}>
      <div className={classes.grid}>
        <div className={classes.head}>
          <div className={classes.name}>
            <Text size="xs" c="dimmed">
              {t("plan.roster.agents_count", { count: view.agentsList.length })}
            </Text>
          </div>
          <div className={classes.days} style={columns}>
            {dates.map((date) => (
              <button key={date} type="button" className={classes.dayHead} onClick={() => props.onDay(date)}>
                {dayWords(date, i18n.language)}
                <small>{t("plan.roster.on_duty", { count: onDuty(view, date) })}</small>
              </button>
            ))}
          </div>
        </div>
        {view.agentsList.map((agent) => (
          <div key={agent.id} className={classes.row} data-agent={agent.name}>
            <div className={classes.name}>
              <Text size="sm" fw={560} truncate>
                {agent.name}
              </Text>
              <Text size="xs" c={agent.contractName ? "dimmed" : "red"} truncate>
                {agent.contractName ?? t("plan.roster.no_contract")}
              </Text>
            </div>
            <div className={classes.days} style={columns}>
              {dates.map((date, index) => {
                const shifts = (byAgent.get(agent.id) ?? []).filter((shift) => shift.date === date);
                return (
                  <div
                    key={date}
                    className={`${classes.cell} ${index % 7 >= 5 && isMonday(view.from) ? classes.weekend : ""}`}
                  >
                    {isOnLeave(agent, date, view.timeZone) && (
                      <div className={classes.leave}>{t("plan.roster.on_leave")}</div>
                    )}
                    {shifts.map((shift) => (
                      <button
                        key={shift.from}
                        type="button"
                        className={classes.chip}
                        {...(shift.overtime ? { "data-overtime": true } : {})}
                        {...(broken.has(`${agent.id} ${date}`) ? { "data-broken": true } : {})}
                        {...(editable ? {} : { "data-still": true })}
                        aria-label={shiftLabel(
                          shift,
                          agent.name,
                          view.timeZone,
                          i18n,
                          broken.has(`${agent.id} ${date}`),
                        )}
                        onClick={() => props.onOpen(shift)}
                        onKeyDown={(event) => {
                          if (editable && event.key === "Delete") props.onRemove(shift);
                        }}
                      >
                        {spanWords(shift, view.timeZone)}
                        <ShiftMarks shift={shift} isBroken={broken.has(`${agent.id} ${date}`)} />
                      </button>
                    ))}
                    {editable && shifts.length === 0 && (
                      <button
                        type="button"
                        className={classes.add}
                        aria-label={t("plan.roster.add_shift_for", {
                          name: agent.name,
                          day: dayWords(date, i18n.language),
                        })}
                        onClick={() => props.onAdd(agent.id, date)}
                      >
                        +
                      </button>
                    )}
                    {wishOf(agent, date) && (
                      <span className={classes.wish}>
                        {t(`plan.roster.wish.${wishOf(agent, date) ?? "work"}`)}
                      </span>
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function onDuty(view: RosterView, date: string): number {
  return new Set(view.shifts.filter((shift) => shift.date === date).map(({ agentId }) => agentId)).size;
}

function wishOf(agent: RosterAgentView, date: string) {
  return agent.wishes.find((wish) => wish.date === date)?.kind;
}

function isOnLeave(agent: RosterAgentView, date: string, timeZone: string): boolean {
  const start = wallInstant(date, "00:00", timeZone);
  return agent.leave.some(({ from, to }) => from < start + DAY_MS && to > start);
}

function isMonday(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDay() === 1;
}
