import { formatDecimal, parseDecimal } from "./form/decimal";

/** What may be used of a budget: its amount, and what raises add that are in force. */
export function raisedAmount({ amount, raised }: { amount: string; raised: string }): string {
  const [base, added] = [parseDecimal(amount), parseDecimal(raised)];
  return base.ok && added.ok ? formatDecimal(base.units + added.units) : amount;
}
