import type { Range } from "../../time/range";
import { tierNames } from "./names";
import type { Dimension, Measure, ServiceTier } from "./state";

/** What the API answers, as far as the explorer shows it. */
export interface Totals {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
  reasoningTokens: number;
  tokens: number;
  /** US dollars, exact. */
  cost: string;
  denied: number;
}

/** What the explorer charts. */
export interface Sums {
  requests: number;
  tokens: number;
  cost: string;
  denied: number;
}

export interface Bucket extends Sums {
  start: string;
  /** The first instant after it. */
  end: string;
}

/** What a report is compared with: all together, and the same by bucket, place by place as in the series. */
export interface Previous {
  range: Range;
  total: Sums;
  buckets: readonly Sums[];
}

export interface Series {
  dimensions: { dimension: Dimension; value?: string | null; node?: { __typename: string; name?: string } | null }[];
  /** Whether it is the sum of all series that were left out. */
  others: boolean;
  total: Totals;
  /** In the time that the report is compared with. */
  compared?: Sums | null;
  buckets: Bucket[];
}

/** What a measure says about sums, as a number. Dollars lose digits here that no chart shows. */
export function valueOf(sums: Sums, measure: Measure): number {
  switch (measure) {
    case "COST":
      return Number(sums.cost);
    case "TOKENS":
      return sums.tokens;
    case "REQUESTS":
      return sums.requests;
    case "DENIED":
      return sums.denied;
  }
}

const unnamed: Record<Dimension, string> = {
  API_KEY: "Deleted key",
  WORKSPACE: "No workspace",
  MODEL: "Model not reported",
  PROVIDER: "Provider not reported",
  SERVICE_TIER: "Denied",
};

/** What a series is called: a key's or workspace's name, a model, a provider, a service tier. */
export function nameOf(series: Pick<Series, "dimensions" | "others">): string {
  if (series.others) return "All others";
  if (series.dimensions.length === 0) return "Everything";
  return series.dimensions.map(({ dimension, value, node }) => node?.name ?? (dimension === "SERVICE_TIER" ? tierNames[value as ServiceTier] : value) ?? unnamed[dimension]).join(" · ");
}

/**
 * Layers as they are drawn on top of each other: each is the sum of itself and those before it, so that the last one is the
 * outline. Drawn from last to first, each covers what is below it.
 */
export function stacked(layers: readonly (readonly number[])[]): number[][] {
  let below: number[] = [];
  return layers.map((values) => {
    below = values.map((value, index) => value + (below[index] ?? 0));
    return below;
  });
}

/** How much of the whole a part is, 0 to 1; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** The order of series in chart and table: the largest first, what was left out last. */
export function ordered(series: readonly Series[], measure: Measure): Series[] {
  return [...series].sort(
    (a, b) => Number(a.others) - Number(b.others) || valueOf(b.total, measure) - valueOf(a.total, measure) || nameOf(a).localeCompare(nameOf(b)),
  );
}
