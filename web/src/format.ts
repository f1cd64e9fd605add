// Times and names, as people write them.

import { language } from "./preferences";

const DAY = 86_400_000;

/** The day of a time where the reader is, as `2026-12-01`. */
export function dayOf(time: Date): string {
  const pad = (number: number) => String(number).padStart(2, "0");
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
}

/** A day as a time in the reader's zone: `new Date("2026-12-01")` would be midnight in London. */
export function timeOfDay(day: string): Date {
  return new Date(`${day}T00:00`);
}

export interface Due {
  text: string;
  state: "late" | "soon" | "later";
}

/** How a due date reads, and how near it is. A day is late when it has passed. */
export function dueOf(date: string, isDay: boolean, now = new Date()): Due {
  const time = isDay ? timeOfDay(date.slice(0, 10)) : new Date(date);
  const end = isDay ? time.getTime() + DAY : time.getTime();
  const away = end - now.getTime();
  const state = away < 0 ? "late" : away < 2 * DAY ? "soon" : "later";
  return { text: dueText(time, isDay, now), state };
}

function dueText(time: Date, isDay: boolean, now: Date): string {
  const days = Math.round((timeOfDay(dayOf(time)).getTime() - timeOfDay(dayOf(now)).getTime()) / DAY);
  const near = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const day =
    Math.abs(days) <= 1
      ? near.format(days, "day")
      : time.toLocaleDateString(language(), {
          day: "numeric",
          month: "short",
          ...(time.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
        });
  const clock = time.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
  return isDay ? day : `${day}, ${clock}`;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["week", 7 * DAY],
  ["day", DAY],
  ["hour", DAY / 24],
  ["minute", DAY / 1440],
];

/** How long ago a time was, such as "3 hours ago". */
export function ago(time: string, now = new Date()): string {
  const away = new Date(time).getTime() - now.getTime();
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  for (const [unit, length] of UNITS)
    if (Math.abs(away) >= length) return format.format(Math.trunc(away / length), unit);
  return format.format(0, "minute");
}

export function fullTime(time: string): string {
  return new Date(time).toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });
}

export function initials(name: string): string {
  const parts = name.split(/[._-]+/).filter(Boolean);
  return parts.slice(0, 2).map((part) => [...part][0]).join("").toUpperCase();
}

/** A size in megabytes, such as "12 MB". */
export function bytes(size: number): string {
  return inUnit("megabyte", size / 1e6);
}

/** A duration, such as "12 ms". */
export function milliseconds(duration: number): string {
  return inUnit("millisecond", duration);
}

function inUnit(unit: string, number: number): string {
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: 0 }).format(number);
}
