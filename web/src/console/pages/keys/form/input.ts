// Drafts as the API's inputs.

import { parseAmount, thresholdUnits } from "./amounts";
import { fold } from "./addresses";
import { ONE, formatDecimal, parseWhole } from "./decimal";
import { isPercent, namedOf } from "./draft";
import type { BudgetDraft, BudgetType, NamedDraft, KeyDraft, PeriodicReset, RateDraft, RateInterval, RateType, Switches, Weekday } from "./draft";

type BudgetInput = { type: BudgetType; amount: string; alertThresholds: string[]; alertThresholdPercents: number[]; alertRecipients?: NamedInput[];
  periodicReset: PeriodicReset } & CalendarInput & Switches;
type NamedInput = { kind: "THRESHOLD" | "EXHAUSTED" | "REFUSED"; threshold?: string; thresholdPercent?: number; emails: string[]; includeSubjectRecipients: boolean };
type CalendarInput = { timeZone?: string; weekStartsOn?: Weekday; dayOfMonth?: number; resetDays?: number; resetAnchor?: string };
type RateInput = { type: RateType; limit: number; interval?: RateInterval } & Switches;

/** The input of createApiKey, but for requestId. */
export type CreateInput = {
  ownerId: string;
  name: string;
  description?: string;
  expiresAt?: string;
  metadata?: Record<string, string>;
  emailNotifications?: boolean;
  recipients?: string[];
  budgetLimits?: BudgetInput[];
  rateLimits?: RateInput[];
};

/** The input of updateApiKey: what the form changes, and whole lists where something in them changes. */
export type UpdateInput = {
  id: string;
  expectedVersion: number;
  ownerId?: string;
  name?: string;
  description?: string | null;
  expiresAt?: string | null;
  metadata?: Record<string, string>;
  emailNotifications?: boolean;
  recipients?: string[];
  budgetLimits?: (Partial<BudgetInput> & { id?: string })[];
  rateLimits?: (Partial<RateInput> & { id?: string })[];
};

/** The input that creates a key out of a draft without errors. What is left at its default is left out. */
export function createInput(draft: KeyDraft): CreateInput {
  return {
    ownerId: draft.ownerId,
    name: draft.name,
    ...(draft.description === "" ? {} : { description: draft.description }),
    ...(draft.expiresAt === "" ? {} : { expiresAt: draft.expiresAt }),
    ...(draft.metadata.length === 0 ? {} : { metadata: metadataOf(draft) }),
    ...(draft.emailNotifications ? {} : { emailNotifications: false }),
    ...(draft.recipients.length === 0 ? {} : { recipients: draft.recipients }),
    ...(draft.budgets.length === 0 ? {} : { budgetLimits: draft.budgets.map(budgetOf) }),
    ...(draft.rates.length === 0 ? {} : { rateLimits: draft.rates.map(rateOf) }),
  };
}

/** The input that makes a saved key what a draft without errors says; undefined when nothing is different. */
export function updateInput(id: string, version: number, base: KeyDraft, draft: KeyDraft): UpdateInput | undefined {
  const input: UpdateInput = {
    id,
    expectedVersion: version,
    ...(draft.ownerId === base.ownerId ? {} : { ownerId: draft.ownerId }),
    ...(draft.name === base.name ? {} : { name: draft.name }),
    ...(draft.description === base.description ? {} : { description: draft.description === "" ? null : draft.description }),
    ...(sameInstant(draft.expiresAt, base.expiresAt) ? {} : { expiresAt: draft.expiresAt === "" ? null : draft.expiresAt }),
    ...(sameMetadata(draft, base) ? {} : { metadata: metadataOf(draft) }),
    ...(draft.emailNotifications === base.emailNotifications ? {} : { emailNotifications: draft.emailNotifications }),
    ...(sameAddresses(draft.recipients, base.recipients) ? {} : { recipients: draft.recipients }),
    ...(sameRows(draft.budgets, base.budgets, sameBudget)
      ? {}
      : { budgetLimits: draft.budgets.map((one) => change(one, base.budgets, budgetOf)) }),
    ...(sameRows(draft.rates, base.rates, sameRate) ? {} : { rateLimits: draft.rates.map((one) => change(one, base.rates, rateOf)) }),
  };
  return Object.keys(input).length === 2 ? undefined : input;
}

/** The limits of a draft, saved ones too, as those of a new key: what a simulation takes, which knows no requests in parallel. */
export const limitInputs = (draft: KeyDraft) => ({
  budgetLimits: draft.budgets.map(budgetOf),
  rateLimits: draft.rates.filter((one) => one.type !== "PARALLEL_REQUESTS").map(rateOf),
});

const metadataOf = (draft: KeyDraft) => Object.fromEntries(draft.metadata.map((one) => [one.name, one.value]));

/** A budget as the API takes it; amounts of a draft with errors are passed on as typed. */
function budgetOf(one: BudgetDraft): BudgetInput {
  const amount = parseAmount(one.type, one.amount);
  const named = namedOf(one);
  return {
    type: one.type,
    amount: amount.ok ? formatDecimal(amount.units) : one.amount,
    alertThresholds: one.thresholds.filter((threshold) => !isPercent(threshold)).map((threshold) => {
      const units = thresholdUnits(one, threshold);
      return units.ok ? formatDecimal(units.units) : threshold.text;
    }),
    alertThresholdPercents: one.thresholds.filter(isPercent).map((threshold) => Number(threshold.text)),
    ...(named.length > 0 && { alertRecipients: named.map((each) => namedInput(one, each)) }),
    periodicReset: one.periodicReset,
    ...calendarOf(one),
    enabled: one.enabled,
    mode: one.mode,
  };
}

function namedInput(one: BudgetDraft, { about, emails, too }: NamedDraft): NamedInput {
  const rest = { emails, includeSubjectRecipients: too };
  const threshold = one.thresholds.find(({ key }) => key === about);
  if (threshold === undefined) return { kind: about === "REFUSED" ? "REFUSED" : "EXHAUSTED", ...rest };
  if (isPercent(threshold)) return { kind: "THRESHOLD", thresholdPercent: Number(threshold.text), ...rest };
  const units = thresholdUnits(one, threshold);
  return { kind: "THRESHOLD", threshold: units.ok ? formatDecimal(units.units) : threshold.text, ...rest };
}

/** A budget of a form as a preview takes it: one that is saved with its id. */
export const previewOf = (one: BudgetDraft) => ({ ...(one.id !== null && { id: one.id }), ...budgetOf(one), alertRecipients: namedOf(one).map((each) => namedInput(one, each)) });

/** Of where periods begin, what the reset has. */
export function calendarOf(one: BudgetDraft): CalendarInput {
  if (one.periodicReset === "NONE") return {};
  const timeZone = one.timeZone.trim();
  switch (one.periodicReset) {
    case "DAILY":
      return { timeZone };
    case "WEEKLY":
      return { timeZone, weekStartsOn: one.weekStartsOn };
    case "EVERY_DAYS":
      return { timeZone, resetDays: Number(one.resetDays), ...(one.resetAnchor === "" ? {} : { resetAnchor: one.resetAnchor }) };
    default:
      return { timeZone, dayOfMonth: Number(one.dayOfMonth) };
  }
}

function rateOf(one: RateDraft): RateInput {
  const limit = parseWhole(one.limit);
  return {
    type: one.type,
    limit: limit.ok ? Number(limit.units / ONE) : Number.NaN,
    ...(one.type === "PARALLEL_REQUESTS" ? {} : { interval: one.interval }),
    enabled: one.enabled,
    mode: one.mode,
  };
}

/** A row as a change: a saved one is its id and what is different, so that nothing is written that nobody changed. */
function change<Row extends { id: string | null }, Input extends object>(row: Row, base: Row[], inputOf: (row: Row) => Input): Partial<Input> & { id?: string } {
  const saved = row.id === null ? undefined : base.find((one) => one.id === row.id);
  if (row.id === null || saved === undefined) return inputOf(row);
  const before = inputOf(saved) as Record<string, unknown>;
  const after = inputOf(row) as Record<string, unknown>;
  if (before["alertRecipients"] !== undefined && after["alertRecipients"] === undefined) after["alertRecipients"] = [];
  // Amounts are in the type's unit: with another type all of them are given, also where the digits are the same.
  const all = after["type"] !== before["type"];
  const different = Object.entries(after).filter(([name, value]) => all || JSON.stringify(value) !== JSON.stringify(before[name]));
  return { id: row.id, ...(Object.fromEntries(different) as Partial<Input>) };
}

/** Whether two budgets mean the same, however they are written. */
export const sameBudget = (a: BudgetDraft, b: BudgetDraft): boolean => meaning(a) === meaning(b);

function meaning(one: BudgetDraft): string {
  const input = budgetOf(one);
  return JSON.stringify({ ...input, alertThresholds: [...input.alertThresholds].sort(), alertThresholdPercents: [...input.alertThresholdPercents].sort((a, b) => a - b) });
}

/** Whether two rate limits mean the same. */
export const sameRate = (a: RateDraft, b: RateDraft): boolean => JSON.stringify(rateOf(a)) === JSON.stringify(rateOf(b));

function sameRows<Row extends { id: string | null }>(a: Row[], b: Row[], same: (a: Row, b: Row) => boolean): boolean {
  return a.length === b.length && a.every((row) => b.some((other) => row.id !== null && other.id === row.id && same(row, other)));
}

/** Whether two drafts have the same metadata, in whatever order. */
export function sameMetadata(a: KeyDraft, b: KeyDraft): boolean {
  const sorted = (draft: KeyDraft) => JSON.stringify(draft.metadata.map((one) => [one.name, one.value]).sort());
  return sorted(a) === sorted(b);
}

/** Whether two lists have the same addresses, in whatever order and case. */
export const sameAddresses = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a.map(fold).sort()) === JSON.stringify(b.map(fold).sort());

/** Whether two instants, "" for none, are the same. */
export const sameInstant = (a: string, b: string): boolean => a === b || (a !== "" && b !== "" && Date.parse(a) === Date.parse(b));
