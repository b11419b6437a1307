import type { PriceFieldsFragment, PriceUnit, ServiceTier } from "../../gql/graphql";
import { compact, count, money } from "../../ui/format";
import { tierNames } from "../usage/names";

export type Rate = PriceFieldsFragment["rates"][number];

/** What a rate is for, in the order in which rates are shown. */
export const unitNames: Record<PriceUnit, string> = {
  INPUT_TOKENS: "Input",
  CACHED_INPUT_TOKENS: "Cached input",
  CACHE_WRITE_TOKENS: "Cache write, 5 min",
  CACHE_WRITE_1H_TOKENS: "Cache write, 1 h",
  OUTPUT_TOKENS: "Output",
  REASONING_TOKENS: "Reasoning",
  AUDIO_INPUT_TOKENS: "Audio input",
  AUDIO_OUTPUT_TOKENS: "Audio output",
  IMAGES: "Images",
  REQUESTS: "Requests",
  WEB_SEARCHES: "Web searches",
};

export const units = Object.keys(unitNames) as PriceUnit[];

/** As what a unit is charged that has no rate of its own; nothing: it is free. */
export const fallbacks: Partial<Record<PriceUnit, PriceUnit>> = {
  CACHED_INPUT_TOKENS: "INPUT_TOKENS",
  CACHE_WRITE_TOKENS: "INPUT_TOKENS",
  CACHE_WRITE_1H_TOKENS: "CACHE_WRITE_TOKENS",
  REASONING_TOKENS: "OUTPUT_TOKENS",
  AUDIO_INPUT_TOKENS: "INPUT_TOKENS",
  AUDIO_OUTPUT_TOKENS: "OUTPUT_TOKENS",
};

/** Whether it is counted in pieces: people know the price of one, not of a million. */
export const isPiece = (unit: PriceUnit): boolean => unit === "IMAGES" || unit === "REQUESTS" || unit === "WEB_SEARCHES";

/** A decimal text times ten to the power of `by`, exactly. */
export function shiftDecimal(decimal: string, by: number): string {
  const negative = decimal.startsWith("-");
  const [whole = "", fraction = ""] = decimal.replace(/^[-+]/, "").split(".");
  const zeros = "0".repeat(Math.abs(by));
  const digits = zeros + whole + fraction + zeros;
  const point = zeros.length + whole.length + by;
  const places = digits.slice(point).replace(/0+$/, "");
  return `${negative ? "-" : ""}${digits.slice(0, point).replace(/^0+(?=\d)/, "") || "0"}${places && `.${places}`}`;
}

/** What a rate costs: for a million tokens, or for one image, request or search. */
export const rateText = ({ unit, perMillion }: Pick<Rate, "unit" | "perMillion">): string =>
  isPiece(unit) ? `${money(shiftDecimal(perMillion, -6), true)} each` : money(perMillion, true);

/** For which requests rates of this kind are: Standard; Batch; Standard, above 200,000. */
export function kindText(tier: ServiceTier, above: number): string {
  return above === 0 ? tierNames[tier] : `${tierNames[tier]}, above ${count(above)}`;
}

/** The rate of any standard request, and those of larger ones. */
export function standardRates(rates: readonly Rate[], unit: PriceUnit): { base: Rate | undefined; larger: Rate[] } {
  const own = rates.filter((rate) => rate.unit === unit && rate.serviceTier === "STANDARD");
  const larger = own.filter(({ aboveInputTokens }) => aboveInputTokens > 0).sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  return { base: own.find(({ aboveInputTokens }) => aboveInputTokens === 0), larger };
}

export const aboveText = (above: number): string => `above ${compact(above)}`;

/** What a list says of a price beside input, output and cached input: the other units, and the tiers that have rates. */
export function furtherText(rates: readonly Rate[]): string[] {
  const shown: readonly PriceUnit[] = ["INPUT_TOKENS", "OUTPUT_TOKENS", "CACHED_INPUT_TOKENS"];
  const others = units.flatMap((unit) => {
    const { base } = standardRates(rates, unit);
    return base && !shown.includes(unit) ? [`${unitNames[unit]} ${rateText(base)}`] : [];
  });
  const tiers = [...new Set(rates.map(({ serviceTier }) => serviceTier))].filter((tier) => tier !== "STANDARD").map((tier) => tierNames[tier]);
  return [...others, ...(tiers.length > 0 ? [`Also ${tiers.join(", ")}`] : [])];
}

/** A multiplier as people say it: 15% less; 10% more. Exact. */
export function multiplierText(multiplier: string): string {
  const percent = shiftDecimal(multiplier, 2);
  const [whole = "0", fraction = ""] = percent.split(".");
  const scale = 10n ** BigInt(fraction.length);
  const difference = BigInt(whole + fraction) - 100n * scale;
  if (difference === 0n) return "as listed";
  const absolute = shiftDecimal((difference < 0n ? -difference : difference).toString(), -fraction.length);
  return `${absolute}% ${difference < 0n ? "less" : "more"}`;
}

/** Whose a price is. */
export const ownerName = (price: Pick<PriceFieldsFragment, "organization">): string => price.organization?.name ?? "Everybody’s";

/** Where a price stands in time. */
export function stateOf(
  { effectiveFrom, effectiveTo }: Pick<PriceFieldsFragment, "effectiveFrom" | "effectiveTo">,
  now: number,
): "later" | "now" | "over" {
  if (effectiveTo && Date.parse(effectiveTo) <= Math.max(now, Date.parse(effectiveFrom))) return "over";
  return Date.parse(effectiveFrom) > now ? "later" : "now";
}

/** The address of a source, if it is one that a link may lead to. */
export function sourceAddress(source: string): string | undefined {
  const found = /https:\/\/[^\s,;)]+/.exec(source)?.[0];
  return found !== undefined && URL.canParse(found) ? found : undefined;
}

/** Where a repricing stands, in words. */
export const repricingStates = { QUEUED: "Queued", RUNNING: "Running", FINISHED: "Finished" } as const;
