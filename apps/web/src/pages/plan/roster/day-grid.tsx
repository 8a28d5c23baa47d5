import { Text } from "@mantine/core";
import type { RosterShiftView, RosterView } from "@svara/contracts";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./roster.module.css";
import { dayFrame, partMoved, resized, STEP_MS, segmentsOf, shifted, snapped } from "./roster-model.ts";
import { shiftLabel } from "./shift-label.ts";
import { ShiftMarks } from "./shift-marks.tsx";
import { spanWords, wallTime } from "./zone-time.ts";

const HOUR_MS = 4 * STEP_MS;
const MOVED_PX = 4; // less is a click

/** What is being dragged, and how far. */
interface Drag {
  readonly key: string;
  readonly shift: RosterShiftView;
  readonly what: "shift" | "end" | number;
  readonly startX: number;
  readonly byMs: number;
}

/**
 * One day, agents by quarters of an hour. A shift is dragged, or moved with the arrow keys; with Shift its end moves. Breaks
 * likewise. Enter opens a shift, Delete takes it away.
 */
export function DayGrid(props: {
  readonly view: RosterView;
  readonly date: string;
  readonly editable: boolean;
  /** A change is on its way: the next key waits for it. */
  readonly busy: boolean;
  readonly onOpen: (shift: RosterShiftView) => void;
  readonly onAdd: (agentId: string, date: string) => void;
  readonly onPut: (shift: RosterShiftView, instead: number) => void;
  readonly onRemove: (shift: RosterShiftView) => void;
}) {
  const { t, i18n } = useTranslation();
  const { view, date, editable } = props;
  const { timeZone } = view;
  const frame = dayFrame(view, date);
  const length = frame.to - frame.from;
  const [drag, setDrag] = useState<Drag>();
  const track = useRef<HTMLDivElement>(null);
  const left = (at: number): string => `${((at - frame.from) / length) * 100}%`;
  const width = (ms: number): string => `${(ms / length) * 100}%`;
  const hours = Array.from(
    { length: Math.round(length / HOUR_MS) },
    (_, index) => frame.from + index * HOUR_MS,
  );
  const broken = new Set(view.violations.map((violation) => `${violation.agentId} ${violation.date}`));
  const shifts = Map.groupBy(
    view.shifts.filter((shift) => shift.date === date || (shift.to > frame.from && shift.from < frame.to)),
    ({ agentId }) => agentId,
  );
  const lines = {
    minWidth: `${Math.max(32, hours.length * 3)}rem`,
    backgroundSize: `${(HOUR_MS / length) * 100}% 100%`,
  };

  const put = (shift: RosterShiftView, next: RosterShiftView): void => {
    if (next !== shift && JSON.stringify(next) !== JSON.stringify(shift)) props.onPut(next, shift.from);
  };
  const changed = (shift: RosterShiftView, what: Drag["what"], byMs: number): RosterShiftView => {
    if (byMs === 0) return shift;
    if (what === "shift") return shifted(shift, byMs);
    return what === "end" ? resized(shift, byMs) : partMoved(shift, what, byMs);
  };
  const begin = (event: PointerEvent, shift: RosterShiftView, what: Drag["what"]): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ key: keyOf(shift), shift, what, startX: event.clientX, byMs: 0 });
  };
  const move = (event: PointerEvent): void => {
    if (!drag || !track.current || !editable) return;
    const ms = ((event.clientX - drag.startX) / track.current.clientWidth) * length;
    setDrag({ ...drag, byMs: snapped(ms) });
  };
  const end = (event: PointerEvent): void => {
    if (!drag) return;
    const isClick = Math.abs(event.clientX - drag.startX) < MOVED_PX;
    setDrag(undefined);
    if (isClick) props.onOpen(drag.shift);
    else if (editable) put(drag.shift, changed(drag.shift, drag.what, drag.byMs));
  };
  const keys = (event: KeyboardEvent, shift: RosterShiftView, what: "shift" | number): void => {
    if (event.key === "Enter") props.onOpen(shift);
    if (!editable) return;
    if (event.key === "Delete" && what === "shift") props.onRemove(shift);
    const step = event.key === "ArrowRight" ? STEP_MS : event.key === "ArrowLeft" ? -STEP_MS : 0;
    if (step === 0) return;
    event.preventDefault();
    if (props.busy) return;
    put(shift, changed(shift, what === "shift" && event.shiftKey ? "end" : what, step));
  };
  const dragging = { onPointerMove: move, onPointerUp: end, onPointerCancel: () => setDrag(undefined) };

  return (
    <section className={classes.scroll} aria-label={t("plan.roster.day_grid")}>
      <div className={classes.grid}>
        <div className={classes.head}>
          <div className={classes.name} />
          <div className={classes.hours} style={{ minWidth: lines.minWidth }} ref={track}>
            {hours.map((hour) => (
              <span key={hour} className={classes.hour} style={{ left: left(hour) }}>
                {wallTime(hour, timeZone)}
              </span>
            ))}
          </div>
        </div>
        {view.agentsList.map((agent) => (
          <div key={agent.id} className={classes.row} data-agent={agent.name}>
            <div className={classes.name}>
              <Text size="sm" fw={560} truncate>
                {agent.name}
              </Text>
            </div>
            <div className={classes.track} style={lines}>
              {agent.leave
                .filter(({ from, to }) => from < frame.to && to > frame.from)
                .map(({ from, to }) => (
                  <div
                    key={from}
                    className={classes.leaveBand}
                    title={t("plan.roster.on_leave")}
                    style={{
                      left: left(Math.max(from, frame.from)),
                      width: width(Math.min(to, frame.to) - Math.max(from, frame.from)),
                    }}
                  />
                ))}
              {editable && !shifts.has(agent.id) && (
                <button
                  type="button"
                  className={classes.add}
                  style={{ position: "absolute", inset: 4, width: "auto" }}
                  aria-label={t("plan.roster.add_shift_for", { name: agent.name, day: date })}
                  onClick={() => props.onAdd(agent.id, date)}
                >
                  +
                </button>
              )}
              {(shifts.get(agent.id) ?? []).map((kept, place) => {
                const active = drag?.key === keyOf(kept) ? drag : undefined;
                const shift = active ? changed(kept, active.what, active.byMs) : kept;
                const isBroken = broken.has(`${agent.id} ${shift.date}`);
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a shift keeps its place, and so the focus, while it moves
                  <div key={place}>
                    <button
                      type="button"
                      className={classes.bar}
                      style={{ left: left(shift.from), width: width(shift.to - shift.from) }}
                      {...(shift.overtime ? { "data-overtime": true } : {})}
                      {...(isBroken ? { "data-broken": true } : {})}
                      {...(editable ? {} : { "data-still": true })}
                      aria-label={shiftLabel(shift, agent.name, timeZone, i18n, isBroken)}
                      aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight Enter Delete"
                      onPointerDown={(event) => begin(event, kept, "shift")}
                      onKeyDown={(event) => keys(event, kept, "shift")}
                      {...dragging}
                    >
                      <span className={classes.barText}>
                        <ShiftMarks shift={shift} isBroken={isBroken} />
                        {spanWords(shift, timeZone)}
                      </span>
                    </button>
                    {segmentsOf(shift)
                      .filter(({ kind }) => kind !== "work")
                      .map((part, index) => (
                        <button
                          // biome-ignore lint/suspicious/noArrayIndexKey: the place tells which part it is
                          key={index}
                          type="button"
                          className={classes.part}
                          data-kind={part.kind}
                          {...(editable ? {} : { "data-still": true })}
                          tabIndex={editable ? 0 : -1}
                          title={`${t(`plan.roster.part.${part.kind as "break"}`)} ${spanWords(part, timeZone)}`}
                          aria-label={`${agent.name}: ${t(`plan.roster.part.${part.kind as "break"}`)} ${spanWords(part, timeZone)}`}
                          style={{ left: left(part.from), width: width(part.to - part.from) }}
                          onPointerDown={(event) => begin(event, kept, index)}
                          onKeyDown={(event) => keys(event, kept, index)}
                          {...dragging}
                        />
                      ))}
                    {editable && (
                      <button
                        type="button"
                        tabIndex={-1}
                        aria-hidden="true"
                        className={classes.end}
                        style={{ left: left(shift.to) }}
                        onPointerDown={(event) => begin(event, kept, "end")}
                        {...dragging}
                      />
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

function keyOf({ agentId, from }: RosterShiftView): string {
  return `${agentId} ${from}`;
}
