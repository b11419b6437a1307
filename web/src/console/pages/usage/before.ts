import type { UsageBeforeQuery } from "../../gql/graphql";
import { rangeBefore, type Range } from "../../time/range";
import type { UsageVariables } from "./query";
import { valueOf, type Bucket, type Series } from "./report";
import type { Measure } from "./state";

type Sums = Pick<Bucket, "requests" | "tokens" | "cost" | "denied">;

/** What was used in the time before: as long as the range, and up to its beginning. */
export interface Before {
  total: Sums;
  /** One for each bucket, the first one first; fewer or more than those of the range where their lengths differ. */
  buckets: readonly Sums[];
  /** By `keyOf`, of at most 100 series. */
  parts: ReadonlyMap<string, Sums>;
}

/** What tells a series from the others of a report. */
export const keyOf = (series: { dimensions: readonly { value?: string | null }[] }): string =>
  series.dimensions.map(({ value }) => value ?? "").join(" ");

/** The same report of the time before, in two parts: all together in its buckets, and the sums of many series. */
export function variablesBefore({ filter, groupBy, interval, orderBy }: UsageVariables, range: Range) {
  const { from, to } = rangeBefore(range);
  return {
    filter: { ...filter, from: from.toISOString(), to: to.toISOString() },
    interval,
    groupBy,
    top: groupBy.length === 0 ? null : 100,
    orderBy,
  };
}

/** Reads the answer to `variablesBefore`. */
export function beforeOf({ whole, parts }: UsageBeforeQuery): Before | undefined {
  if (!whole || !parts) return undefined;
  return {
    total: whole.total,
    buckets: whole.series[0]?.buckets ?? [],
    parts: new Map(parts.series.filter(({ others }) => !others).map((series) => [keyOf(series), series.total])),
  };
}

/**
 * What a series was in the time before, of a measure. Those that are left out of a report together were all that its other series were not.
 * Undefined where it is not known: the series was not among the largest then.
 */
export function valueBefore(series: Series, all: readonly Series[], before: Before, measure: Measure): number | undefined {
  if (!series.others) {
    const sums = before.parts.get(keyOf(series));
    return sums ? valueOf(sums, measure) : before.parts.size < 100 ? 0 : undefined;
  }
  return all
    .filter(({ others }) => !others)
    .reduce<number | undefined>((left, each) => {
      const value = valueBefore(each, all, before, measure);
      return left === undefined || value === undefined ? undefined : Math.max(0, left - value);
    }, valueOf(before.total, measure));
}

/** How a value has changed, as +12%; "new" after nothing, and "" where both are nothing. */
export function changeText(now: number, before: number): string {
  if (before === 0) return now === 0 ? "" : "new";
  const change = Math.round((100 * (now - before)) / before);
  return change === 0 ? "±0%" : `${change > 0 ? "+" : "−"}${Math.abs(change).toLocaleString("en")}%`;
}
