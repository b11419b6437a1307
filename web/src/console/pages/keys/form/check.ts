// What is wrong with a draft, as the server would say it: every field at once, before anything is sent. The server checks again; what only
// it knows (a quota, another's rights, the time by its clock) comes back from there.

import { MOST_RECIPIENTS, isAddress } from "./addresses";
import { parseAmount, thresholdUnits } from "./amounts";
import { MOST_COST, MOST_COUNT, ONE, parseWhole } from "./decimal";
import { checkPart } from "../../policies/form/part";
import { namedOf, type BudgetDraft, type KeyDraft, type RateDraft } from "./draft";
import { at, type Errors } from "./fields";

const mostName = 200;
const mostDescription = 2000;
const mostLimits = 50;
const mostThresholds = 20;
const mostNamed = 20;
const mostMetadata = 50;
const mostMetadataBytes = 16 << 10;

/** Returns what is wrong, by field. */
export function check(draft: KeyDraft): Errors {
  const errors: Errors = {};
  const note = (field: string, reason: string | undefined) => {
    if (reason !== undefined) errors[field] ??= reason;
  };
  note(at.ownerId, draft.ownerId === "" ? "Choose who owns the key." : undefined);
  note(at.name, draft.name.trim() === "" ? "Must not be empty." : text(draft.name, mostName));
  note(at.description, text(draft.description, mostDescription));
  note(at.metadata, metadata(draft));
  for (const entry of draft.metadata) note(at.entry(entry.key), metadataEntry(draft, entry.key, entry.name, entry.value));
  note(at.budgets, draft.budgets.length > mostLimits ? `At most ${mostLimits}, has ${draft.budgets.length}.` : undefined);
  note(at.rates, draft.rates.length > mostLimits ? `At most ${mostLimits}, has ${draft.rates.length}.` : undefined);
  draft.budgets.forEach((one, index) => budget(one, draft.budgets.slice(0, index), note));
  draft.rates.forEach((one, index) => rate(one, draft.rates.slice(0, index), note));
  note(at.recipients, draft.recipients.length > MOST_RECIPIENTS ? `At most ${MOST_RECIPIENTS} addresses, has ${draft.recipients.length}.` : undefined);
  for (const email of draft.recipients) note(at.recipient(email), isAddress(email) ? undefined : "Must be one e-mail address.");
  if (draft.policy) checkPart(draft.policy, note);
  return errors;
}

// A whole secret of an API key or an access token, which would be stored and shown. Its checksum is left to the server.
const secretForm = /bs[rt]_[0-9A-Za-z]{49}/;
// Control characters but for line breaks and tabs.
const controlForm = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

function text(value: string, most: number): string | undefined {
  const length = [...value].length;
  if (length > most) return `At most ${most} characters, has ${length}.`;
  if (secretForm.test(value)) return "Must not hold the secret of an API key or a token: it would be stored and shown.";
  if (controlForm.test(value)) return "Must not have control characters.";
  return undefined;
}

function metadata(draft: KeyDraft): string | undefined {
  if (draft.metadata.length > mostMetadata) return `At most ${mostMetadata} entries, has ${draft.metadata.length}.`;
  const size = new TextEncoder().encode(draft.metadata.map((one) => one.name + one.value).join("")).length;
  return size > mostMetadataBytes ? `At most ${mostMetadataBytes} bytes in all, has ${size}.` : undefined;
}

function metadataEntry(draft: KeyDraft, key: string, name: string, value: string): string | undefined {
  if (name.trim() === "") return "Give the entry a name, or remove it.";
  if (draft.metadata.some((one) => one.key !== key && one.name === name)) return "There is another entry of this name.";
  if (secretForm.test(name) || secretForm.test(value)) return "Must not hold the secret of an API key or a token: it would be stored and shown.";
  return (name + value).includes("\u0000") ? "Must not have control characters." : undefined;
}

type Note = (field: string, reason: string | undefined) => void;

function budget(one: BudgetDraft, before: BudgetDraft[], note: Note) {
  const amount = parseAmount(one.type, one.amount);
  note(at.budget(one.key, "amount"), amount.ok ? amountRange(one, amount.units) : amount.reason);
  if (before.some((other) => other.type === one.type && other.periodicReset === one.periodicReset)) {
    note(at.budget(one.key, "type"), "There is a budget of this type and reset already: change that one, or choose another reset.");
  }
  if (one.periodicReset !== "NONE" && one.timeZone.trim() === "") note(at.budget(one.key, "timeZone"), "Choose a time zone, such as UTC.");
  if (one.periodicReset === "EVERY_DAYS" && !/^([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])$/.test(one.resetDays)) {
    note(at.budget(one.key, "resetDays"), "Must be 1 to 365.");
  }
  if (one.thresholds.length > mostThresholds) note(at.budget(one.key, "alertThresholds"), `At most ${mostThresholds}, has ${one.thresholds.length}.`);
  for (const { about, emails, too } of namedOf(one)) note(at.named(one.key, about), named(emails, too));
  const seen = new Set<bigint>();
  for (const threshold of one.thresholds) {
    const field = at.threshold(one.key, threshold.key);
    const units = thresholdUnits(one, threshold);
    if (!units.ok) {
      if (amount.ok || threshold.unit === "AMOUNT") note(field, units.reason);
      continue;
    }
    if (seen.has(units.units)) note(field, "Is given twice.");
    seen.add(units.units);
    if (amount.ok && (units.units <= 0n || units.units >= amount.units)) note(field, "Must be above 0 and below the amount.");
  }
}

function named(emails: readonly string[], too: boolean): string | undefined {
  if (emails.length === 0 && !too) return "Add an address: somebody has to hear of it.";
  return emails.length > mostNamed ? `At most ${mostNamed} addresses, has ${emails.length}.` : undefined;
}

function amountRange(one: BudgetDraft, units: bigint): string | undefined {
  if (units > (one.type === "COST" ? MOST_COST : MOST_COUNT)) return "Is too large.";
  if (units === 0n) return "Must be above 0.";
  return one.type === "COST" && units < ONE ? "A cost budget is at least 1 dollar." : undefined;
}

function rate(one: RateDraft, before: RateDraft[], note: Note) {
  const limit = parseWhole(one.limit);
  if (!limit.ok) note(at.rate(one.key, "limit"), limit.reason);
  else if (limit.units === 0n) note(at.rate(one.key, "limit"), "Must be at least 1.");
  // The API takes the limit as a JSON number, of which a browser writes no larger one exactly.
  else if (limit.units > BigInt(Number.MAX_SAFE_INTEGER) * ONE) note(at.rate(one.key, "limit"), "Is too large: at most 9,007,199,254,740,991.");
  if (before.some((other) => other.type === one.type && (one.type === "PARALLEL_REQUESTS" || other.interval === one.interval))) {
    note(at.rate(one.key, "type"), "There is a rate limit of this type and interval already: change that one, or choose another interval.");
  }
}
