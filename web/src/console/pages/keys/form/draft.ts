// What the form of an API key holds while somebody edits it: every value as it was typed, so that nothing typed is lost before it is right.

import type { PolicyPart } from "../../policies/form/part";

export type BudgetType = "COST" | "TOKENS" | "REQUESTS";
/** PARALLEL_REQUESTS counts reservations that are open, and has no interval. */
export type RateType = "REQUESTS" | "TOKENS" | "PARALLEL_REQUESTS";
export type PeriodicReset = "NONE" | "DAILY" | "WEEKLY" | "MONTHLY" | "QUARTERLY" | "YEARLY" | "EVERY_DAYS";
export type Weekday = "SUNDAY" | "MONDAY" | "TUESDAY" | "WEDNESDAY" | "THURSDAY" | "FRIDAY" | "SATURDAY";
export type RateInterval = "SECOND" | "MINUTE" | "HOUR" | "DAY" | "WEEK";
export type LimitMode = "ENFORCE" | "SHADOW";

/** Whether a limit refuses requests. One that is not enabled keeps its mode. */
export type Switches = { enabled: boolean; mode: LimitMode };

export const enforced: Switches = { enabled: true, mode: "ENFORCE" };

/** An alert threshold: an amount in the budget's unit, or a percentage of its amount. */
export type ThresholdDraft = { key: string; text: string; unit: "AMOUNT" | "PERCENT" };

/** Whether a threshold is sent in percent, and so follows the amount when that changes. One that is no whole percent, which the API does not take, is sent as
 * an amount. */
export const isPercent = ({ text, unit }: ThresholdDraft): boolean => unit === "PERCENT" && /^[1-9]\d?$/.test(text.trim());

/** Who hears of one of a budget's alerts instead of the subject's recipients. `about` is the key of a threshold, or the alert's kind. */
export type NamedDraft = { about: string; emails: string[]; too: boolean };

/** The alerts of a budget that have no threshold. */
export const wholeAlerts = ["REFUSED", "EXHAUSTED"] as const;

/** Those of a budget's named recipients that are about an alert that it has. */
export const namedOf = (budget: BudgetDraft): NamedDraft[] =>
  budget.named.filter(({ about }) => wholeAlerts.some((kind) => kind === about) || budget.thresholds.some((one) => one.key === about));

/** Where a budget's periods begin. What its reset does not have is not sent. */
export type CalendarDraft = {
  timeZone: string;
  weekStartsOn: Weekday;
  /** A number, as all that is typed. */
  dayOfMonth: string;
  resetDays: string;
  /** As 2026-01-31; "" today there. */
  resetAnchor: string;
};

/** A budget; `id` is null until it is saved. `key` names the row in the form and never changes. */
export type BudgetDraft = {
  key: string;
  id: string | null;
  type: BudgetType;
  amount: string;
  thresholds: ThresholdDraft[];
  named: NamedDraft[];
  periodicReset: PeriodicReset;
} & CalendarDraft & Switches;

/** A rate limit; `id` is null until it is saved. */
export type RateDraft = { key: string; id: string | null; type: RateType; limit: string; interval: RateInterval } & Switches;

/** An entry of the metadata. */
export type MetadataDraft = { key: string; name: string; value: string };

/** All that the form edits. */
export type KeyDraft = {
  ownerId: string;
  name: string;
  description: string;
  /** ISO instant; "" never. */
  expiresAt: string;
  metadata: MetadataDraft[];
  emailNotifications: boolean;
  /** The addresses that were added; default recipients are not among them. */
  recipients: string[];
  budgets: BudgetDraft[];
  rates: RateDraft[];
  /** What a policy has beside its name and limits; only of policies. */
  policy?: PolicyPart;
};

/** An API key as the API answers it, as far as the form edits it. */
export type SavedKey = {
  id: string;
  version: number;
  name: string;
  description?: string | null;
  owner: { id: string };
  expiresAt?: string | null;
  metadata: Record<string, string>;
  emailNotifications: boolean;
  recipients: readonly { email: string; source: string }[];
  budgetLimits: readonly ({ id: string; type: BudgetType; amount: string; alertThresholds: readonly string[]; alertThresholdPercents: readonly number[];
    alertRecipients: readonly { kind: string; threshold?: string | null; thresholdPercent?: number | null; emails: readonly string[]; includeSubjectRecipients: boolean }[];
    periodicReset: PeriodicReset;
    timeZone: string; weekStartsOn: Weekday; dayOfMonth: number; resetDays?: number | null; resetAnchor?: string | null } & Switches)[];
  rateLimits: readonly ({ id: string; type: RateType; limit: number; interval?: RateInterval | null } & Switches)[];
};

/** A draft of a new key. */
export function newDraft(ownerId: string): KeyDraft {
  return { ownerId, name: "", description: "", expiresAt: "", metadata: [], emailNotifications: true, recipients: [], budgets: [], rates: [] };
}

/** The draft of a key as it is saved. Rows are named by the ids of limits, so that two drafts of one key can be compared. */
export function draftOf(saved: SavedKey): KeyDraft {
  return {
    ownerId: saved.owner.id,
    name: saved.name,
    description: saved.description ?? "",
    expiresAt: saved.expiresAt ?? "",
    metadata: Object.entries(saved.metadata).map(([name, value]) => ({ key: name, name, value })),
    emailNotifications: saved.emailNotifications,
    recipients: saved.recipients.filter((one) => one.source === "ADDED").map((one) => one.email),
    budgets: saved.budgetLimits.map((budget) => ({
      key: budget.id,
      id: budget.id,
      type: budget.type,
      amount: budget.amount,
      thresholds: [
        ...budget.alertThresholds.map((text): ThresholdDraft => ({ key: text, text, unit: "AMOUNT" })),
        ...budget.alertThresholdPercents.map((percent): ThresholdDraft => ({ key: `${percent}%`, text: String(percent), unit: "PERCENT" })),
      ],
      named: budget.alertRecipients.map((one) => ({
        about: one.kind !== "THRESHOLD" ? one.kind : (one.threshold ?? `${one.thresholdPercent}%`),
        emails: [...one.emails],
        too: one.includeSubjectRecipients,
      })),
      periodicReset: budget.periodicReset,
      timeZone: budget.timeZone,
      weekStartsOn: budget.weekStartsOn,
      dayOfMonth: String(budget.dayOfMonth),
      resetDays: budget.resetDays ? String(budget.resetDays) : "",
      resetAnchor: budget.resetAnchor ?? "",
      enabled: budget.enabled,
      mode: budget.mode,
    })),
    rates: saved.rateLimits.map((rate) => ({
      key: rate.id,
      id: rate.id,
      type: rate.type,
      limit: String(rate.limit),
      interval: rate.interval ?? "MINUTE",
      enabled: rate.enabled,
      mode: rate.mode,
    })),
  };
}

const resets: PeriodicReset[] = ["MONTHLY", "WEEKLY", "NONE"];
const utc: CalendarDraft = { timeZone: "UTC", weekStartsOn: "SUNDAY", dayOfMonth: "1", resetDays: "", resetAnchor: "" };
const intervals: RateInterval[] = ["MINUTE", "HOUR", "DAY"];

/** A new budget, of the first type and reset that the draft does not have yet: a subject has one of each. */
export function newBudget(draft: KeyDraft, key: string): BudgetDraft {
  const taken = (type: BudgetType, reset: PeriodicReset) => draft.budgets.some((one) => one.type === type && one.periodicReset === reset);
  for (const type of ["COST", "TOKENS"] as const) {
    for (const periodicReset of resets) {
      if (!taken(type, periodicReset)) return { key, id: null, type, amount: "", thresholds: firstThresholds(key), named: [], periodicReset, ...utc, ...enforced };
    }
  }
  return { key, id: null, type: "COST", amount: "", thresholds: firstThresholds(key), named: [], periodicReset: "MONTHLY", ...utc, ...enforced };
}

/** A budget that nobody is warned about surprises: 80 % is proposed, and can be removed. */
const firstThresholds = (key: string): ThresholdDraft[] => [{ key: `${key}-80`, text: "80", unit: "PERCENT" }];

/** A new rate limit, of the first type and interval that the draft does not have yet. */
export function newRate(draft: KeyDraft, key: string): RateDraft {
  for (const type of ["REQUESTS", "TOKENS"] as const) {
    for (const interval of intervals) {
      if (!draft.rates.some((one) => one.type === type && one.interval === interval)) return { key, id: null, type, limit: "", interval, ...enforced };
    }
  }
  return { key, id: null, type: "REQUESTS", limit: "", interval: "MINUTE", ...enforced };
}

/**
 * The budget counting something else. Amounts in the old unit mean nothing in the new one: they are cleared, or, where it is again what is
 * saved, restored. Percentages stay.
 */
export function withType(budget: BudgetDraft, type: BudgetType, saved: BudgetDraft | undefined): BudgetDraft {
  if (budget.type === type) return budget;
  if (saved?.type === type) return { ...budget, type, amount: saved.amount, thresholds: saved.thresholds };
  return { ...budget, type, amount: "", thresholds: budget.thresholds.filter((one) => one.unit === "PERCENT") };
}
