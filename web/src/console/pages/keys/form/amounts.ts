import { isPercent, type BudgetDraft, type BudgetType, type ThresholdDraft } from "./draft";
import { ONE, groupDecimal, parseDecimal, parseWhole, percentOf, percentText, type Parsed } from "./decimal";

/** Reads an amount in a budget's unit: dollars with up to 9 places, or whole tokens or requests. */
export const parseAmount = (type: BudgetType, text: string): Parsed => (type === "COST" ? parseDecimal(text) : parseWhole(text));

/** The smallest step of a budget's amounts: 10⁻⁹ dollars, a token or a request. */
export const stepOf = (type: BudgetType): bigint => (type === "COST" ? 1n : ONE);

/** The amount that a threshold means; of a percentage, in the budget's steps. */
export function thresholdUnits(budget: BudgetDraft, threshold: ThresholdDraft): Parsed {
  if (threshold.unit === "AMOUNT") return parseAmount(budget.type, threshold.text);
  const percent = parseDecimal(threshold.text.replace(/\s*%$/, ""));
  const amount = parseAmount(budget.type, budget.amount);
  if (!percent.ok) return percent;
  if (!amount.ok) return { ok: false, reason: "Needs an amount." };
  const cut = percentOf(amount.units, percent.units, stepOf(budget.type));
  // as the server, to which whole percents are sent as such, has them: rounded up
  const isRounded = isPercent(threshold) && cut * 100n * ONE < amount.units * percent.units;
  return { ok: true, units: isRounded ? cut + stepOf(budget.type) : cut };
}

/** An amount with its unit: "$1,250.00", "1,000,000 tokens". */
export const amountText = (type: BudgetType, units: bigint): string =>
  type === "COST" ? `$${groupDecimal(units, 2)}` : `${groupDecimal(units)} ${type === "TOKENS" ? "token" : "request"}${units === ONE ? "" : "s"}`;

/** A threshold both ways, as far as the amount allows: "80%" and "$80.00". */
export function thresholdTexts(budget: BudgetDraft, threshold: ThresholdDraft): { percent: string; amount: string } {
  const whole = parseAmount(budget.type, budget.amount);
  const units = thresholdUnits(budget, threshold);
  const typed = threshold.unit === "PERCENT" ? `${threshold.text.replace(/\s*%$/, "")}%` : threshold.text;
  return {
    percent: threshold.unit === "PERCENT" ? typed : units.ok && whole.ok ? percentText(units.units, whole.units) : "",
    amount: units.ok ? amountText(budget.type, units.units) : threshold.unit === "AMOUNT" ? typed : "",
  };
}

/** What somebody typed as a threshold: "80%" is a percentage; a plain number is what the switch beside the field says. */
export function readThreshold(text: string, unit: ThresholdDraft["unit"], key: string): ThresholdDraft {
  const trimmed = text.trim();
  if (trimmed.endsWith("%")) return { key, text: trimmed.replace(/\s*%$/, ""), unit: "PERCENT" };
  if (trimmed.startsWith("$")) return { key, text: trimmed, unit: "AMOUNT" };
  return { key, text: trimmed, unit };
}
