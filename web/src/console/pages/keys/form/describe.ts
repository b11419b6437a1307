// What a form says in words: limits, instants, lists.

import { amountText, parseAmount, thresholdTexts } from "./amounts";
import { ONE, groupDecimal, parseWhole } from "./decimal";
import { namedOf } from "./draft";
import type { BudgetDraft, PeriodicReset, RateDraft, RateInterval, RateType, Switches } from "./draft";

/** When a budget starts again at zero. */
export const resetText: Record<PeriodicReset, string> = {
  NONE: "until it is used up",
  DAILY: "each day",
  WEEKLY: "each week",
  MONTHLY: "each month",
  QUARTERLY: "each quarter",
  YEARLY: "each year",
  EVERY_DAYS: "every so many days",
};

/** The period of a budget, short. */
export const periodText: Record<PeriodicReset, string> = {
  NONE: "in all",
  DAILY: "a day",
  WEEKLY: "a week",
  MONTHLY: "a month",
  QUARTERLY: "a quarter",
  YEARLY: "a year",
  EVERY_DAYS: "a period",
};

/** The window of a rate limit. */
export const intervalText: Record<RateInterval, string> = { SECOND: "a second", MINUTE: "a minute", HOUR: "an hour", DAY: "a day", WEEK: "a week" };

/** What a rate limit counts, and in which window: "requests a minute", "requests in parallel". */
export const ratedText = (type: RateType, interval: RateInterval | null | undefined): string =>
  type === "PARALLEL_REQUESTS" ? "requests in parallel" : `${type === "REQUESTS" ? "requests" : "tokens"}${interval ? ` ${intervalText[interval]}` : ""}`;

/** What a limit does beside counting, where it does not refuse requests; "" where it does. */
export const switchText = ({ enabled, mode }: Switches): string => (!enabled ? "off" : mode === "SHADOW" ? "shadow" : "");

/** A budget in a line: "$100.00 a month, alerts at $50.00, $80.00". What cannot be read is as it was typed. */
export function describeBudget(one: BudgetDraft): string {
  const amount = parseAmount(one.type, one.amount);
  const of = amount.ok ? amountText(one.type, amount.units) : `${one.amount || "?"} ${one.type === "COST" ? "dollars" : one.type.toLowerCase()}`;
  const alerts = one.thresholds.map((threshold) => thresholdTexts(one, threshold)).map((texts) => texts.amount || texts.percent);
  const before = alerts.length === 0 ? "no alerts before it is used up" : `alerts at ${alerts.join(", ")}`;
  return `${of} ${periodText[one.periodicReset]}, ${before}${namedNote(one)}${switchNote(one)}`;
}

/** Who hears of alerts that have recipients of their own, an address each. */
function namedNote(one: BudgetDraft): string {
  const named = namedOf(one);
  if (named.length === 0) return "";
  const all = new Set(named.flatMap(({ emails, too }) => [...emails, ...(too ? ["all recipients"] : [])]));
  return `; ${named.length === 1 ? "one alert tells" : `${named.length} alerts tell`} ${[...all].join(", ")}`;
}

/** A rate limit in a line: "60 requests a minute". */
export function describeRate(one: RateDraft): string {
  const limit = parseWhole(one.limit);
  const rated = ratedText(one.type, one.interval);
  const counted = limit.ok && limit.units === ONE ? rated.replace(/^(request|token)s/, "$1") : rated;
  return `${limit.ok ? groupDecimal(limit.units) : one.limit || "?"} ${counted}${switchNote(one)}`;
}

const switchNote = (one: Switches) => (switchText(one) === "" ? "" : ` (${switchText(one)})`);

/** An instant, in the reader's time zone, with the zone. */
export function describeInstant(iso: string): string {
  if (iso === "") return "never";
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
