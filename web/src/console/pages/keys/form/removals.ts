import { describeBudget, describeRate } from "./describe";
import type { BudgetDraft, KeyDraft } from "./draft";
import { calendarOf } from "./input";

/** Whether a budget would start again at zero: another type, reset or calendar. */
export const restarts = (one: BudgetDraft, saved: BudgetDraft): boolean =>
  saved.type !== one.type || saved.periodicReset !== one.periodicReset || JSON.stringify(calendarOf(saved)) !== JSON.stringify(calendarOf(one));

/** The saved limits that a draft would delete, in words, and the budgets that it would start again at zero. A form asks before it saves. */
export function lostBySaving(base: KeyDraft, draft: KeyDraft): { deleted: string[]; restarted: string[] } {
  const budgets = base.budgets.filter((saved) => !draft.budgets.some((one) => one.id === saved.id));
  const rates = base.rates.filter((saved) => !draft.rates.some((one) => one.id === saved.id));
  const restarted = draft.budgets.filter((one) => {
    const saved = one.id === null ? undefined : base.budgets.find((other) => other.id === one.id);
    return saved !== undefined && restarts(one, saved);
  });
  return { deleted: [...budgets.map(describeBudget), ...rates.map(describeRate)], restarted: restarted.map(describeBudget) };
}
