import { describeBudget, describeRate } from "./describe";
import type { KeyDraft } from "./draft";

/** The saved limits that a draft would delete, in words, and the budgets that it would start again at zero. A form asks before it saves. */
export function lostBySaving(base: KeyDraft, draft: KeyDraft): { deleted: string[]; restarted: string[] } {
  const budgets = base.budgets.filter((saved) => !draft.budgets.some((one) => one.id === saved.id));
  const rates = base.rates.filter((saved) => !draft.rates.some((one) => one.id === saved.id));
  const restarted = draft.budgets.filter((one) => {
    const saved = one.id === null ? undefined : base.budgets.find((other) => other.id === one.id);
    return saved !== undefined && (saved.type !== one.type || saved.periodicReset !== one.periodicReset);
  });
  return { deleted: [...budgets.map(describeBudget), ...rates.map(describeRate)], restarted: restarted.map(describeBudget) };
}
