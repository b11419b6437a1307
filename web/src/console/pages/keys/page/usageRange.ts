import type { Range } from "./search";

/** What is asked of usage for a range that ends now: whole buckets, so that the question stays the same for as long as a bucket does. */
export function usageRange(range: Range, now: Date): { from: string; to: string; interval: "HOUR" | "DAY" | "WEEK" } {
  const hour = 3_600_000;
  const bucket = range === "24h" ? hour : 24 * hour;
  const end = (Math.floor(now.getTime() / bucket) + 1) * bucket;
  const buckets = { "24h": 24, "7d": 7, "30d": 30, "90d": 91 }[range];
  return {
    from: new Date(end - buckets * bucket).toISOString(),
    to: new Date(end).toISOString(),
    interval: range === "24h" ? "HOUR" : range === "90d" ? "WEEK" : "DAY",
  };
}

/** The names of the ranges. */
export const rangeText: Record<Range, string> = { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "13 weeks" };
