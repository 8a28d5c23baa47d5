import { Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import classes from "../office.module.css";
import { dayName } from "./day-name.ts";
import { DAYS, dayShare, type Week } from "./week.ts";

/** The week as seven bars of a day each. */
export function WeekPicture({ weekly, small }: { readonly weekly: Week; readonly small?: boolean }) {
  const { i18n } = useTranslation();
  return (
    <div
      className={small ? undefined : classes.week}
      style={small ? { display: "grid", gap: 2, width: 120 } : {}}
    >
      {DAYS.map((day) => (
        <Fragment key={day}>
          {!small && (
            <Text size="xs" c="dimmed">
              {dayName(day, i18n.language)}
            </Text>
          )}
          <div
            className={classes.weekLane}
            style={small ? { height: 4, borderRadius: 2 } : {}}
            aria-hidden="true"
          >
            {(weekly[day] ?? []).map((span) => {
              const { left, width } = dayShare(span);
              return (
                <span
                  key={span.from}
                  className={classes.weekOpen}
                  style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
                />
              );
            })}
          </div>
        </Fragment>
      ))}
    </div>
  );
}
