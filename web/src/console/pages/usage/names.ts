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

/** Dollars on the axis: whole ones without cents, small ones with two digits. */
function dollarsText(value: number): string {
  if (value >= 1000) return `$${compact(value)}`;
  if (value === 0 || value >= 1) return `$${Number.isInteger(value) ? value : value.toFixed(2)}`;
  return `$${Number(value.toPrecision(2))}`;
}

/** As short as the axis needs it: $1.2K, 300, 4.1M. */
export const axisValueText = (measure: Measure, value: number): string => (measure === "COST" ? dollarsText(value) : compact(value));
