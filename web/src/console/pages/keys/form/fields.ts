// The names of the form's fields. A field of a list is named by the key of its row, not by its index, so that a message stays beside its
// field when rows before it are removed.

import { partField } from "../../policies/form/part";
import { isPercent, namedOf, type BudgetDraft, type KeyDraft } from "./draft";

/** What is wrong, by field: a sentence each. */
export type Errors = Record<string, string>;

/** Of where a budget's periods begin. */
const calendar = ["timeZone", "weekStartsOn", "dayOfMonth", "resetDays", "resetAnchor"] as const;

/** The fields' names. */
export const at = {
  ownerId: "ownerId",
  name: "name",
  description: "description",
  expiresAt: "expiresAt",
  metadata: "metadata",
  emailNotifications: "emailNotifications",
  recipients: "recipients",
  budgets: "budgetLimits",
  rates: "rateLimits",
  entry: (key: string) => `metadata/${key}`,
  recipient: (email: string) => `recipients/${email}`,
  budget: (key: string, field?: "type" | "amount" | "alertThresholds" | "periodicReset" | "mode" | (typeof calendar)[number]) => `budgetLimits/${key}${field ? `/${field}` : ""}`,
  threshold: (key: string, threshold: string) => `budgetLimits/${key}/alertThresholds/${threshold}`,
  /** Who hears of an alert. */
  named: (key: string, about: string) => `budgetLimits/${key}/alertRecipients/${about}`,
  rate: (key: string, field?: "type" | "limit" | "interval" | "mode") => `rateLimits/${key}${field ? `/${field}` : ""}`,
};

/** An error of the API, as GraphQL clients have it. */
export type ApiError = { message: string; extensions?: Record<string, unknown> };

/**
 * The errors of a refused save, each beside its field. What names no field of the form, or one that it does not show, is in `rest`, for
 * the form as a whole. The lists of the input must have the order of the draft's.
 */
export function errorsOf(draft: KeyDraft, errors: readonly ApiError[]): { fields: Errors; rest: string[] } {
  const fields: Errors = {};
  const rest: string[] = [];
  for (const error of errors) {
    const path = error.extensions?.["field"];
    const field = typeof path === "string" ? fieldOf(draft, path.split(".")) : undefined;
    const reason = reasonOf(error);
    if (field === undefined) rest.push(reason);
    else fields[field] = fields[field] === undefined ? reason : `${fields[field]} ${reason}`;
  }
  return { fields, rest };
}

/** The sentence of an error for a form: extensions.reason, else the message. */
export function reasonOf(error: ApiError): string {
  const reason = error.extensions?.["reason"];
  return typeof reason === "string" && reason !== "" ? reason : error.message;
}

const plain = new Set(["ownerId", "name", "description", "expiresAt", "metadata", "emailNotifications"]);

/** The form's field of a path in the input; undefined when the form shows none. */
function fieldOf(draft: KeyDraft, path: string[]): string | undefined {
  const [first = "", index, field, inner] = path;
  const number = index === undefined ? -1 : Number(index);
  if (plain.has(first)) return first;
  if (first === "clear") return at.expiresAt;
  if (first === "recipients") {
    const email = draft.recipients[number];
    return email === undefined ? at.recipients : at.recipient(email);
  }
  if (first === "budgetLimits") {
    const row = draft.budgets[number];
    return row === undefined ? at.budgets : budgetField(row, field, inner);
  }
  if (first === "rateLimits") {
    const row = draft.rates[number];
    if (row === undefined) return at.rates;
    return field === "type" || field === "limit" || field === "interval" ? at.rate(row.key, field) : field === "amount" ? at.rate(row.key, "limit") : at.rate(row.key);
  }
  return draft.policy && partField(draft.policy, path);
}

function budgetField(row: BudgetDraft, field: string | undefined, inner: string | undefined): string {
  if (field === "alertThresholds" || field === "alertThresholdPercents") {
    // each list has those of its kind, in the order of the form
    const sent = row.thresholds.filter((one) => isPercent(one) === (field === "alertThresholdPercents"));
    const threshold = sent[inner === undefined ? -1 : Number(inner)];
    return threshold === undefined ? at.budget(row.key, "alertThresholds") : at.threshold(row.key, threshold.key);
  }
  if (field === "alertRecipients") {
    const named = namedOf(row)[inner === undefined ? -1 : Number(inner)];
    return named === undefined ? at.budget(row.key) : at.named(row.key, named.about);
  }
  const ofCalendar = calendar.find((name) => name === field);
  if (ofCalendar) return at.budget(row.key, ofCalendar);
  return field === "type" || field === "amount" || field === "periodicReset" ? at.budget(row.key, field) : at.budget(row.key);
}

/** The errors without those of a field, of what stands in it, and of the whole that it stands in: they were about what was there before. */
export function withoutErrors(errors: Errors, field: string): Errors {
  const kept = Object.entries(errors).filter(([name]) => name !== field && !name.startsWith(`${field}/`) && !field.startsWith(`${name}/`));
  return kept.length === Object.keys(errors).length ? errors : Object.fromEntries(kept);
}
