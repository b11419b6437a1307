import type { Interval } from "../../time/interval";
import { utc, type Weekday } from "../../time/place";
import { previousRange, type Range } from "../../time/range";
import type { Dimension, ExplorerState, Measure, ServiceTier } from "./state";

/** How many series a report has beside the one of all others. */
export const top = 8;

/** What the API sorts series by; the largest ones by requests stand for those that were denied most. */
const orders: Record<Measure, "COST" | "TOKENS" | "REQUESTS"> = { COST: "COST", TOKENS: "TOKENS", REQUESTS: "REQUESTS", DENIED: "REQUESTS" };

export interface UsageVariables {
  filter: { subjectId: string | null; from: string; to: string; apiKeyIds?: string[]; providers?: string[]; models?: string[]; serviceTiers?: ServiceTier[] };
  interval: Interval;
  groupBy: Dimension[];
  top: number | null;
  orderBy: "COST" | "TOKENS" | "REQUESTS";
  compareWith: { from: string; to: string } | null;
  timeZone?: string;
  weekStartsOn?: Weekday;
}

/**
 * The report that shows a state. `subject` is whose usage it is where no workspace is chosen: an organization's id, or null for a
 * MEMBER's own keys.
 */
export function variablesOf(state: ExplorerState, range: Range, interval: Interval, subject: string | null): UsageVariables {
  const { selection, place, workspace, keys, providers, models, tiers, groupBy, measure, compare } = state;
  const previous = compare ? previousRange(selection, range, place) : null;
  return {
    filter: {
      subjectId: workspace ?? subject,
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      ...(keys.length > 0 && { apiKeyIds: keys }),
      ...(providers.length > 0 && { providers }),
      ...(models.length > 0 && { models }),
      ...(tiers.length > 0 && { serviceTiers: tiers }),
    },
    interval,
    groupBy: groupBy === null ? [] : [groupBy],
    top: groupBy === null ? null : top,
    orderBy: orders[measure],
    compareWith: previous && { from: previous.from.toISOString(), to: previous.to.toISOString() },
    // what is as the API has it anyway is left out, so that the same report is read once
    ...(place.timeZone !== utc.timeZone && { timeZone: place.timeZone }),
    ...(place.weekStartsOn !== utc.weekStartsOn && { weekStartsOn: place.weekStartsOn }),
  };
}
