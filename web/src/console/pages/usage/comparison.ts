import type { Range } from "../../time/range";
import type { Previous, Sums } from "./report";

/** What a report was compared with; undefined where it was not, or has not been read yet. */
export function previousOf(report: { compared?: Sums | null; comparedBuckets?: readonly Sums[] | null }, range: Range): Previous | undefined {
  if (!report.compared || !report.comparedBuckets) return undefined;
  return { range, total: report.compared, buckets: report.comparedBuckets };
}

/** How a value has changed, as +12%, or as ×12 where that is easier to read; "new" after nothing, and "" where both are nothing. */
export function changeText(now: number, before: number): string {
  if (before === 0) return now === 0 ? "" : "new";
  if (now >= 10 * before) return `×${Math.round(now / before).toLocaleString("en")}`;
  const change = Math.round((100 * (now - before)) / before);
  return change === 0 ? "±0%" : `${change > 0 ? "+" : "−"}${Math.abs(change).toLocaleString("en")}%`;
}
