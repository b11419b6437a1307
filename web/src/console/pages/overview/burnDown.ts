import type { OverviewBudgetFragment } from "../../gql/graphql";
import type { ChartSeries } from "../../ui/figures/TimeChart";

const day = 86_400; // seconds
const week = 7 * day;

type Budget = Pick<OverviewBudgetFragment, "amount" | "used" | "burnDown" | "periodStart" | "periodEnd" | "projectedExhaustion">;

/**
 * A budget's use over its period, and where the pace of the last 7 days leads: up to the amount, at the instant that the
 * server projects, or else to the period's end.
 */
export function burnDownOf(budget: Budget, now: number): { times: number[]; series: ChartSeries[] } {
  const points = budget.burnDown.map(({ at, used }) => ({ at: Date.parse(at) / 1000, used: Number(used) }));
  const used = Number(budget.used);
  const present = Math.max(now / 1000, points.at(-1)?.at ?? 0);
  const target = targetOf(budget, points, used, present);
  const times = [...points.map(({ at }) => at), ...(target ? [target.at] : [])];
  const end = budget.periodEnd ? Date.parse(budget.periodEnd) / 1000 : undefined;
  if (end !== undefined && end > (times.at(-1) ?? 0)) times.push(end);
  const measured = times.map((_, index) => points[index]?.used ?? null);
  const projected = times.map((time, index) => {
    if (target === undefined || index < points.length - 1) return null;
    return time <= target.at ? used + ((target.used - used) * Math.max(0, time - present)) / Math.max(1, target.at - present) : null;
  });
  return {
    times,
    series: [
      { label: "Used", values: measured },
      { label: "At this pace", values: projected, colour: "others", dashed: true },
    ],
  };
}

/** Where the projection ends; undefined when there is nothing to project from. */
function targetOf(budget: Budget, points: { at: number; used: number }[], used: number, present: number) {
  if (budget.projectedExhaustion)
    return { at: Math.max(present + 1, Date.parse(budget.projectedExhaustion) / 1000), used: Number(budget.amount) };
  if (!budget.periodEnd || points.length < 2) return undefined;
  const end = Date.parse(budget.periodEnd) / 1000;
  const from = Math.max(points[0]!.at, present - week);
  const before = points.findLast(({ at }) => at <= from) ?? points[0]!;
  const pace = (used - before.used) / Math.max(1, present - before.at);
  return end > present ? { at: end, used: used + pace * (end - present) } : undefined;
}
