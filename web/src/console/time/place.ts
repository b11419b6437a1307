// Calendar days of a time zone. The server decides which buckets there are; this finds the ends of ranges, and the names of instants.

import type { Day } from "./range";

/** Days of the week, as the API names them. */
export const weekdays = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"] as const;
export type Weekday = (typeof weekdays)[number];

/** Where days begin, and on which day weeks do. */
export interface Place {
  /** An IANA name. */
  timeZone: string;
  weekStartsOn: Weekday;
}

export const utc: Place = { timeZone: "UTC", weekStartsOn: "SUNDAY" };

/** The browser's own time zone. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** The names of time zones: the browser's own first, then UTC, then all that it knows. */
export const timeZones = (): string[] => [...new Set([ownTimeZone(), "UTC", ...Intl.supportedValuesOf("timeZone")])];

/** Whether the browser knows a time zone by this name. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== "string" || !(name === "UTC" || /^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+$/.test(name))) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(timeZone, known);
  return known;
}

/** The day that an instant is in. */
export const dayIn = (at: Date, timeZone: string): Day => (timeZone === "UTC" ? at.toISOString().slice(0, 10) : dayFormat(timeZone).format(at));

const minute = 60_000;
const most = 16 * 60; // that clocks are ahead of UTC or behind it, in minutes

/** The first instant of a day: that of midnight, or the one after a midnight that does not exist. */
export function startIn(day: Day, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (timeZone === "UTC") return midnight;
  let [before, after] = [-most, most]; // minutes from UTC's midnight: the day has not begun, and has
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(new Date(midnight + middle * minute), timeZone) < day) before = middle;
    else after = middle;
  }
  return midnight + after * minute;
}

/** A day some days later. */
export function daysLater(day: Day, days: number): Day {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The first day of the month some months after that of a day. */
export function monthsLater(day: Day, months: number): Day {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 10);
}

/** The first day of a day's week. */
export function weekOf(day: Day, weekStartsOn: Weekday): Day {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return daysLater(day, -((weekday - weekdays.indexOf(weekStartsOn) + 7) % 7));
}
