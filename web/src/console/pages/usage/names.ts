import type { Interval } from "../../time/interval";
import { compact, count, money } from "../../ui/format";
import type { Dimension, Measure, ServiceTier } from "./state";

export const measureNames: Record<Measure, string> = { COST: "Spend", TOKENS: "Tokens", REQUESTS: "Requests", DENIED: "Denied" };

export const dimensionNames: Record<Dimension, string> = { API_KEY: "API key", WORKSPACE: "Workspace", MODEL: "Model", PROVIDER: "Provider", SERVICE_TIER: "Service tier" };

export const tierNames: Record<ServiceTier, string> = { STANDARD: "Standard", BATCH: "Batch", FLEX: "Flex", PRIORITY: "Priority" };

export const intervalNames: Record<Interval, string> = { HOUR: "Hourly", DAY: "Daily", WEEK: "Weekly", MONTH: "Monthly" };

/** What the chart shows, as Spend by model. */
export const titleOf = (measure: Measure, groupBy: Dimension | null): string =>
  groupBy === null ? measureNames[measure] : `${measureNames[measure]} by ${groupBy === "API_KEY" ? "API key" : dimensionNames[groupBy].toLowerCase()}`;

/** A value of the chart. Its numbers lost digits on their way to the canvas that no reader of a chart misses. */
export const valueText = (measure: Measure, value: number): string => (measure === "COST" ? money(value.toFixed(value < 1 ? 6 : 2)) : count(Math.round(value)));

/** As short as an axis needs them: $1.2K, 300, 4.1M. Dollars have cents all of them, or none. */
export function axisValueTexts(measure: Measure, values: readonly number[]): string[] {
  if (measure !== "COST") return values.map(compact);
  if (values.some((value) => value >= 1000)) return values.map((value) => `$${compact(value)}`);
  const places = values.every(Number.isInteger) ? 0 : Math.max(2, ...values.map((value) => (String(Number(value.toPrecision(2))).split(".")[1] ?? "").length));
  return values.map((value) => `$${value.toFixed(Math.min(places, 9))}`);
}
