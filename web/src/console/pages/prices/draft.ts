import type { PriceFieldsFragment, PriceRateInput, PriceUnit, ServiceTier, SetPriceInput } from "../../gql/graphql";
import { startOfDay } from "../../time/range";
import { formatDecimal, parseWhole } from "../keys/form/decimal";
import type { SetPriceSearch } from "./search";
import { isPiece, shiftDecimal, units } from "./words";

/** A rate as it is typed. */
export interface RateDraft {
  /** Names the row in the form. */
  key: number;
  unit: PriceUnit;
  /** Dollars for a million tokens, or for one piece. */
  dollars: string;
  /** The size of input above which it holds; "" any. */
  above: string;
  tier: ServiceTier;
}

/** A price as it is typed. */
export interface PriceDraft {
  /** Whether it is everybody's, which the operator alone sets. */
  everybodys: boolean;
  provider: string;
  model: string;
  /** An instant; "" from now on. */
  since: string;
  source: string;
  maxOutputTokens: string;
  rates: RateDraft[];
}

/** Errors by the path of the value in the API's input. */
export type Errors = Record<string, string>;

/** What the form begins with: what the address names, and the rates of another price; without one, input and output. */
export function draftOf(search: SetPriceSearch, like: PriceFieldsFragment | undefined, operates: boolean): PriceDraft {
  const rates = like
    ? like.rates.map((rate, key) => ({
        key,
        unit: rate.unit,
        dollars: isPiece(rate.unit) ? shiftDecimal(rate.perMillion, -6) : rate.perMillion,
        above: rate.aboveInputTokens === 0 ? "" : String(rate.aboveInputTokens),
        tier: rate.serviceTier,
      }))
    : [newRate(0, "INPUT_TOKENS"), newRate(1, "OUTPUT_TOKENS")];
  return {
    everybodys: operates && !like?.organization,
    provider: search.provider ?? like?.provider ?? "",
    model: search.model ?? like?.model ?? "",
    since: startOfDay(search.since)?.toISOString() ?? "",
    source: "",
    maxOutputTokens: like?.maxOutputTokens ? String(like.maxOutputTokens) : "",
    rates,
  };
}

const newRate = (key: number, unit: PriceUnit): RateDraft => ({ key, unit, dollars: "", above: "", tier: "STANDARD" });

/** The rates with one more: of the first unit that has none, else of the last one. */
export function withRate(rates: readonly RateDraft[]): RateDraft[] {
  const unit = units.find((each) => !rates.some((rate) => rate.unit === each)) ?? "WEB_SEARCHES";
  return [...rates, newRate(Math.max(-1, ...rates.map(({ key }) => key)) + 1, unit)];
}

/** The dollars of a rate, as the API takes them; how many decimal places there may be depends on the unit. */
function perMillion({ unit, dollars }: RateDraft): { ok: true; value: string } | { ok: false; reason: string } {
  const typed = dollars.trim().replace(/^\$\s*/, "");
  if (typed === "") return { ok: false, reason: "Must be given; 0 is free." };
  if (typed.startsWith("-")) return { ok: false, reason: "Must not be negative." };
  if (!/^(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$/.test(typed) || !/\d/.test(typed)) return { ok: false, reason: "Must be a number, such as 2.50." };
  const plain = typed.replaceAll(",", "");
  const places = (plain.split(".")[1] ?? "").replace(/0+$/, "").length;
  const most = isPiece(unit) ? 12 : 6;
  if (places > most) return { ok: false, reason: `At most ${most} decimal places.` };
  return { ok: true, value: shiftDecimal(plain, isPiece(unit) ? 6 : 0) };
}

/** The input of setPrice, or what is wrong with what was typed; what else is wrong the server says. */
export function inputOf(draft: PriceDraft, organizationId: string): { input: SetPriceInput } | { errors: Errors } {
  const errors: Errors = {};
  const whole = (path: string, typed: string): number | null => {
    if (typed.trim() === "") return null;
    const read = parseWhole(typed);
    if (!read.ok) errors[path] = read.reason;
    return read.ok ? Number(formatDecimal(read.units)) : null;
  };
  for (const name of ["provider", "model"] as const) if (draft[name].trim() === "") errors[name] = "Must be given.";
  if (draft.rates.length === 0) errors.rates = "A price has one rate at least.";
  const rates = draft.rates.map((rate, index): PriceRateInput => {
    const dollars = perMillion(rate);
    if (!dollars.ok) errors[`rates.${index}.perMillion`] = dollars.reason;
    return {
      unit: rate.unit,
      perMillion: dollars.ok ? dollars.value : "0",
      aboveInputTokens: whole(`rates.${index}.aboveInputTokens`, rate.above) ?? 0,
      serviceTier: rate.tier,
    };
  });
  const input: SetPriceInput = {
    organizationId: draft.everybodys ? null : organizationId,
    provider: draft.provider.trim(),
    model: draft.model.trim(),
    effectiveFrom: draft.since === "" ? null : draft.since,
    source: draft.source.trim() === "" ? null : draft.source.trim(),
    maxOutputTokens: whole("maxOutputTokens", draft.maxOutputTokens),
    rates,
  };
  return Object.keys(errors).length > 0 ? { errors } : { input };
}

/** Which of the errors have a place in the form; the others are told above its button. */
export function shownFields(draft: PriceDraft, operates: boolean): string[] {
  const ofRates = draft.rates.flatMap((_, index) =>
    ["", ".unit", ".perMillion", ".aboveInputTokens", ".serviceTier"].map((field) => `rates.${index}${field}`),
  );
  return ["provider", "model", "effectiveFrom", "source", "maxOutputTokens", "rates", ...(operates ? ["organizationId"] : []), ...ofRates];
}
