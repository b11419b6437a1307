import { sumDecimals } from "./decimal";

const day = 86_400_000; // milliseconds

/** The days that the overview is about, UTC, as reports are. Weeks begin on Sunday, months on the 1st. */
export interface Days {
  today: number;
  tomorrow: number;
  week: number;
  lastWeek: number;
  month: number;
  lastMonth: number;
}

export function daysAt(now: number): Days {
  const at = new Date(now);
  const today = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const week = today - at.getUTCDay() * day;
  return {
    today,
    tomorrow: today + day,
    week,
    lastWeek: week - 7 * day,
    month: Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1),
    lastMonth: Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1),
  };
}

export const iso = (time: number) => new Date(time).toISOString();

/** Usage of one day. */
export interface Bucket {
  start: string;
  cost: string;
  requests: number;
  tokens: number;
  denied: number;
}

/** Those buckets that begin in [from, to). */
export function between(buckets: readonly Bucket[], from: number, to: number): Bucket[] {
  return buckets.filter(({ start }) => Date.parse(start) >= from && Date.parse(start) < to);
}

export function costOf(buckets: readonly Bucket[]): string {
  return sumDecimals(buckets.map(({ cost }) => cost));
}

export function sumOf(buckets: readonly Bucket[], field: "requests" | "tokens" | "denied"): number {
  return buckets.reduce((sum, bucket) => sum + bucket[field], 0);
}

/**
 * How much more was spent in the whole days of a period than in as many days of the one before it, as a share; undefined
 * when there is no whole day yet, or nothing to compare with.
 */
export function change(buckets: readonly Bucket[], from: number, before: number, { today }: Days): number | undefined {
  const length = today - from;
  const earlier = Number(costOf(between(buckets, before, Math.min(before + length, from))));
  if (length === 0 || earlier === 0) return undefined;
  return Number(costOf(between(buckets, from, today))) / earlier - 1;
}
