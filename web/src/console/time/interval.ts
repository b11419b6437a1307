import type { Range } from "./range";

/** The length of a usage bucket, as the API names it. */
export const intervals = ["HOUR", "DAY", "WEEK", "MONTH"] as const;
export type Interval = (typeof intervals)[number];

const hour = 3_600_000;
const day = 24 * hour;
const lengths: Record<Interval, number> = { HOUR: hour, DAY: day, WEEK: 7 * day, MONTH: 28 * day };

/** More buckets than this are no picture, and a report of many series would pass the API's 20,000. */
const mostBuckets = 800;

/** An upper bound of the number of buckets in a range; both ends may cut a bucket. */
export const bucketsAtMost = ({ from, to }: Range, interval: Interval): number =>
  Math.ceil((to.getTime() - from.getTime()) / lengths[interval]) + 1;

/** The intervals that a range can be shown by, the finest first; there is always one. */
export function intervalsFor(range: Range): Interval[] {
  const fitting = intervals.filter((interval) => bucketsAtMost(range, interval) <= mostBuckets);
  return fitting.length > 0 ? fitting : ["MONTH"];
}

/** The interval that shows a range best: about 30 to 90 buckets. */
export function intervalOf(range: Range): Interval {
  const length = range.to.getTime() - range.from.getTime();
  if (length <= 2 * day + hour) return "HOUR";
  if (length <= 93 * day) return "DAY";
  return length <= 366 * day ? "WEEK" : "MONTH";
}

/** The wanted interval if it fits the range, else the one that shows the range best. */
export const fittingInterval = (range: Range, wanted: Interval | null): Interval =>
  wanted !== null && intervalsFor(range).includes(wanted) ? wanted : intervalOf(range);
