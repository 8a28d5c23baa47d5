import type { Language } from "@svara/contracts";
import type { ShiftPart } from "@svara/workforce/rostering";

/** The words of a calendar, in the languages of the screen. */
export interface FeedWords {
  readonly calendar: string;
  readonly shift: string;
  readonly overtime: string;
  readonly parts: Readonly<Record<ShiftPart["kind"], string>>;
}

export const FEED_WORDS: Readonly<Record<Language, FeedWords>> = {
  en: {
    calendar: "My shifts",
    shift: "Shift",
    overtime: "Overtime",
    parts: {
      break: "Break",
      lunch: "Lunch",
      training: "Training",
      meeting: "Meeting",
      coaching: "Coaching",
      other: "Other work",
    },
  },
  ru: {
    calendar: "Мои смены",
    shift: "Смена",
    overtime: "Сверхурочно",
    parts: {
      break: "Перерыв",
      lunch: "Обед",
      training: "Обучение",
      meeting: "Встреча",
      coaching: "Коучинг",
      other: "Другая работа",
    },
  },
  uk: {
    calendar: "Мої зміни",
    shift: "Зміна",
    overtime: "Понаднормово",
    parts: {
      break: "Перерва",
      lunch: "Обід",
      training: "Навчання",
      meeting: "Зустріч",
      coaching: "Коучинг",
      other: "Інша робота",
    },
  },
  sv: {
    calendar: "Mina pass",
    shift: "Pass",
    overtime: "Övertid",
    parts: {
      break: "Rast",
      lunch: "Lunch",
      training: "Utbildning",
      meeting: "Möte",
      coaching: "Coachning",
      other: "Annat arbete",
    },
  },
};
