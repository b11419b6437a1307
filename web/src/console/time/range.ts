/** A half-open span of time: `from` is in it, `to` is not. */
export interface Range {
  from: Date;
  to: Date;
}

/** A calendar day in UTC, as 2026-11-28. */
export type Day = string;

/** Spans that move with the clock. Days, weeks (from Sunday) and months are UTC's, as Bursar's periods are. */
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

const midnight = (at: Date) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
const firstOfMonth = (at: Date, months = 0) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
const span = (from: number, to: number): Range => ({ from: new Date(from), to: new Date(to) });

/** The day of an instant, in UTC. */
export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);

/** The first instant of a day; null for what is no day of the calendar, such as 2026-02-30. */
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
export function rangeOf(selection: Selection, now: Date): Range {
  if (!("preset" in selection)) {
    const first = startOfDay(selection.first)?.getTime() ?? midnight(now);
    const last = startOfDay(selection.last)?.getTime() ?? first;
    return span(Math.min(first, last), Math.max(first, last) + day);
  }
  const today = midnight(now);
  const end = Math.floor(now.getTime() / hour) * hour + hour;
  switch (selection.preset) {
    case "24h":
      return span(end - day, end);
    case "today":
      return span(today, end);
    case "7d":
      return span(today - 6 * day, end);
    case "30d":
      return span(today - 29 * day, end);
    case "90d":
      return span(today - 89 * day, end);
    case "week":
      return span(today - now.getUTCDay() * day, end);
    case "month":
      return span(firstOfMonth(now), end);
    case "lastMonth":
      return span(firstOfMonth(now, -1), firstOfMonth(now));
    case "12m":
      return span(firstOfMonth(now, -11), end);
  }
}

/**
 * The previous period, up to the same point where this one is not over: today until 11:00 is compared with yesterday until 11:00, this month with as
 * much of the last one, the last 30 days with the 30 before them. Of days that were chosen, as many before them.
 */
export function previousRange(selection: Selection, { from, to }: Range): Range {
  const length = to.getTime() - from.getTime();
  const earlier = (by: number) => span(from.getTime() - by, to.getTime() - by);
  if (!("preset" in selection)) return earlier(length);
  switch (selection.preset) {
    case "24h":
    case "today":
      return earlier(day);
    case "7d":
    case "week":
      return earlier(7 * day);
    case "30d":
      return earlier(30 * day);
    case "90d":
      return earlier(90 * day);
    case "month":
      return span(firstOfMonth(from, -1), Math.min(firstOfMonth(from, -1) + length, from.getTime()));
    case "lastMonth":
      return span(firstOfMonth(from, -1), from.getTime());
    case "12m":
      return span(firstOfMonth(from, -12), Date.UTC(to.getUTCFullYear() - 1, to.getUTCMonth(), to.getUTCDate(), to.getUTCHours()));
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
