import { dayIn, daysLater, monthsLater, startIn, utc, weekOf, type Place } from "./place";

/** A half-open span of time: `from` is in it, `to` is not. */
export interface Range {
  from: Date;
  to: Date;
}

/** A calendar day, as 2026-11-28. */
export type Day = string;

/** Spans that move with the clock. Days, weeks and months are those of a place, UTC's and from Sunday unless it is said. */
export const presets = ["24h", "today", "7d", "30d", "90d", "week", "month", "lastMonth", "12m"] as const;
export type Preset = (typeof presets)[number];

export const presetNames: Record<Preset, string> = {
  "24h": "Last 24 hours",
  today: "Today",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  week: "This week",
  month: "This month",
  lastMonth: "Last month",
  "12m": "Last 12 months",
};

/** What a person chose: a preset, or days of which both are meant, the last one as a whole. */
export type Selection = { preset: Preset } | { first: Day; last: Day };

const hour = 3_600_000;
const day = 24 * hour;

const span = (from: number, to: number): Range => ({ from: new Date(from), to: new Date(to) });

/** The day of an instant in UTC. */
export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);

/** The first instant of a day in UTC; null for what is no day of the calendar, such as 2026-02-30. */
export function startOfDay(text: unknown): Date | null {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || dayOf(at) !== text ? null : at;
}

/** Whether the value names a preset. */
export const isPreset = (value: unknown): value is Preset => presets.includes(value as Preset);

/**
 * The span of a selection at the instant `now`. Presets that reach up to now end with the current hour, so that the range, and
 * with it the variables of a query, stay the same for an hour.
 */
export function rangeOf(selection: Selection, now: Date, place: Place = utc): Range {
  const start = (day: Day) => startIn(day, place.timeZone);
  const today = dayIn(now, place.timeZone);
  if (!("preset" in selection)) {
    const first = startOfDay(selection.first) ? selection.first : today;
    const last = startOfDay(selection.last) ? selection.last : first;
    const [from, to] = first <= last ? [first, last] : [last, first];
    return span(start(from), start(daysLater(to, 1)));
  }
  const end = Math.floor(now.getTime() / hour) * hour + hour;
  switch (selection.preset) {
    case "24h":
      return span(end - day, end);
    case "today":
      return span(start(today), end);
    case "7d":
      return span(start(daysLater(today, -6)), end);
    case "30d":
      return span(start(daysLater(today, -29)), end);
    case "90d":
      return span(start(daysLater(today, -89)), end);
    case "week":
      return span(start(weekOf(today, place.weekStartsOn)), end);
    case "month":
      return span(start(monthsLater(today, 0)), end);
    case "lastMonth":
      return span(start(monthsLater(today, -1)), start(monthsLater(today, 0)));
    case "12m":
      return span(start(monthsLater(today, -11)), end);
  }
}

/**
 * The previous period, up to the same point where this one is not over: today until 11:00 is compared with yesterday until 11:00, this month with as
 * much of the last one, the last 30 days with the 30 before them. Of days that were chosen, as many before them.
 */
export function previousRange(selection: Selection, { from, to }: Range, place: Place = utc): Range {
  const start = (each: Day) => startIn(each, place.timeZone);
  const first = dayIn(from, place.timeZone);
  /** The same time of the clock so many days before. */
  const before = (at: Date, days: number) => {
    const today = dayIn(at, place.timeZone);
    return start(daysLater(today, -days)) + (at.getTime() - start(today));
  };
  const earlier = (days: number) => span(before(from, days), before(to, days));
  if (!("preset" in selection)) return earlier(Math.round((to.getTime() - from.getTime()) / day));
  switch (selection.preset) {
    case "24h":
      return span(from.getTime() - day, to.getTime() - day);
    case "today":
      return earlier(1);
    case "7d":
    case "week":
      return earlier(7);
    case "30d":
      return earlier(30);
    case "90d":
      return earlier(90);
    case "month": {
      const last = start(monthsLater(first, -1));
      return span(last, Math.min(last + to.getTime() - from.getTime(), from.getTime()));
    }
    case "lastMonth":
      return span(start(monthsLater(first, -1)), from.getTime());
    case "12m": {
      const today = dayIn(to, place.timeZone);
      const yearAgo = Date.UTC(Number(today.slice(0, 4)) - 1, Number(today.slice(5, 7)) - 1, Number(today.slice(8)));
      return span(start(monthsLater(first, -12)), start(new Date(yearAgo).toISOString().slice(0, 10)) + (to.getTime() - start(today)));
    }
  }
}

/** The selection that an address names, or the fallback where it names none or a wrong one. */
export function readSelection<T>(search: Record<string, unknown>, fallback: T): Selection | T {
  if (startOfDay(search.from) !== null && startOfDay(search.to) !== null) {
    const days = [search.from as Day, search.to as Day].sort() as [Day, Day];
    return { first: days[0], last: days[1] };
  }
  return isPreset(search.range) ? { preset: search.range } : fallback;
}

/** The selection as parameters of an address. */
export const writeSelection = (selection: Selection): { range?: Preset; from?: Day; to?: Day } =>
  "preset" in selection ? { range: selection.preset } : { from: selection.first, to: selection.last };
