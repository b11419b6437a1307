// Two edits of one key at once: what each changed, and what comes of both. `base` is what both began with, `mine` what this form says,
// `theirs` what is saved by now.

import { partDifferences } from "../../policies/form/part";
import { describeBudget, describeInstant, describeRate } from "./describe";
import type { BudgetDraft, KeyDraft, MetadataDraft, RateDraft } from "./draft";
import { fold } from "./addresses";
import { sameAddresses, sameBudget, sameInstant, sameMetadata, sameRate } from "./input";

export type Side = "mine" | "theirs";

/** Something that one of the two changed, or both. */
export type Difference = {
  /** Names it among the differences. */
  key: string;
  /** What a person calls it. */
  label: string;
  /** What it was, and is on either side, in words. */
  base: string;
  mine: string;
  theirs: string;
  /** Who changed it; `both` when they made something else of it each. */
  by: Side | "both";
};

/** All that is different, in the order of the form. Changes that both made alike are not in it. */
export function differences(base: KeyDraft, mine: KeyDraft, theirs: KeyDraft, ownerName: (id: string) => string): Difference[] {
  return fieldsOf(base, mine, theirs).flatMap((field) => {
    const byMe = !field.same(base, mine);
    const byThem = !field.same(base, theirs);
    if ((!byMe && !byThem) || field.same(mine, theirs)) return [];
    const text = (draft: KeyDraft) => field.text(draft, ownerName);
    return [{ key: field.key, label: field.label, base: text(base), mine: text(mine), theirs: text(theirs), by: byMe && byThem ? "both" : byMe ? "mine" : "theirs" }];
  });
}

/** What is proposed before anybody chooses: a change that one side made alone is kept; where both did, this form's. */
export const proposed = (difference: Difference): Side => (difference.by === "theirs" ? "theirs" : "mine");

/** What comes of both: everything as it is saved, but for what is chosen as mine. A limit that is gone there is made anew. */
export function merge(base: KeyDraft, mine: KeyDraft, theirs: KeyDraft, sideOf: (key: string) => Side | undefined): KeyDraft {
  return fieldsOf(base, mine, theirs).reduce((merged, field) => {
    const byMeAlone = field.same(base, theirs) && !field.same(base, mine);
    const side = sideOf(field.key) ?? (byMeAlone || (!field.same(base, theirs) && !field.same(base, mine)) ? "mine" : "theirs");
    return side === "mine" ? field.put(merged, mine) : merged;
  }, theirs);
}

/** A part of a draft that is chosen as a whole. */
type Field = {
  key: string;
  label: string;
  same: (a: KeyDraft, b: KeyDraft) => boolean;
  text: (draft: KeyDraft, ownerName: (id: string) => string) => string;
  put: (into: KeyDraft, from: KeyDraft) => KeyDraft;
};

const simple: Field[] = [
  { key: "name", label: "Name", same: (a, b) => a.name === b.name, text: (d) => d.name, put: (d, from) => ({ ...d, name: from.name }) },
  {
    key: "description",
    label: "Description",
    same: (a, b) => a.description === b.description,
    text: (d) => d.description || "none",
    put: (d, from) => ({ ...d, description: from.description }),
  },
  {
    key: "ownerId",
    label: "Owner",
    same: (a, b) => a.ownerId === b.ownerId,
    text: (d, ownerName) => ownerName(d.ownerId),
    put: (d, from) => ({ ...d, ownerId: from.ownerId }),
  },
  {
    key: "expiresAt",
    label: "Expires",
    same: (a, b) => sameInstant(a.expiresAt, b.expiresAt),
    text: (d) => describeInstant(d.expiresAt),
    put: (d, from) => ({ ...d, expiresAt: from.expiresAt }),
  },
  { key: "metadata", label: "Metadata", same: sameMetadata, text: (d) => metadataText(d.metadata), put: (d, from) => ({ ...d, metadata: from.metadata }) },
  {
    key: "emailNotifications",
    label: "Email notifications",
    same: (a, b) => a.emailNotifications === b.emailNotifications,
    text: (d) => (d.emailNotifications ? "on" : "off"),
    put: (d, from) => ({ ...d, emailNotifications: from.emailNotifications }),
  },
];

const metadataText = (entries: MetadataDraft[]) => (entries.length === 0 ? "none" : entries.map((one) => `${one.name}: ${one.value}`).join(", "));

/** The parts of three drafts: the plain fields, each limit that one of them has, and the addresses. */
function fieldsOf(...drafts: KeyDraft[]): Field[] {
  const keys = (rows: (draft: KeyDraft) => { key: string }[]) => [...new Set(drafts.flatMap((draft) => rows(draft).map((row) => row.key)))];
  return [
    ...simple,
    ...partDifferences,
    ...keys((draft) => draft.budgets).map((key) => rowField(key, "Budget", (d) => d.budgets, (d, budgets: BudgetDraft[]) => ({ ...d, budgets }), sameBudget, describeBudget)),
    ...keys((draft) => draft.rates).map((key) => rowField(key, "Rate limit", (d) => d.rates, (d, rates: RateDraft[]) => ({ ...d, rates }), sameRate, describeRate)),
    ...addressFields(drafts),
  ];
}

function rowField<Row extends { key: string; id: string | null }>(
  key: string,
  label: string,
  rows: (draft: KeyDraft) => Row[],
  withRows: (draft: KeyDraft, rows: Row[]) => KeyDraft,
  same: (a: Row, b: Row) => boolean,
  describe: (row: Row) => string,
): Field {
  const find = (draft: KeyDraft) => rows(draft).find((row) => row.key === key);
  return {
    key,
    label,
    same: (a, b) => {
      const [one, other] = [find(a), find(b)];
      return one === undefined || other === undefined ? one === other : same(one, other);
    },
    text: (draft) => {
      const row = find(draft);
      return row === undefined ? "none" : describe(row);
    },
    put: (into, from) => {
      const mine = find(from);
      const there = find(into);
      if (mine === undefined) return withRows(into, rows(into).filter((row) => row.key !== key));
      if (there === undefined) return withRows(into, [...rows(into), { ...mine, id: null }]);
      return withRows(into, rows(into).map((row) => (row.key === key ? { ...mine, id: there.id } : row)));
    },
  };
}

/** One field for each address that was added or removed: additions of both sides are kept. */
function addressFields(drafts: KeyDraft[]): Field[] {
  const addresses = new Map(drafts.flatMap((draft) => draft.recipients).map((email) => [fold(email), email]));
  return [...addresses].map(([folded, email]) => {
    const has = (draft: KeyDraft) => draft.recipients.some((one) => fold(one) === folded);
    return {
      key: `recipients/${folded}`,
      label: `Recipient ${email}`,
      same: (a: KeyDraft, b: KeyDraft) => has(a) === has(b),
      text: (draft: KeyDraft) => (has(draft) ? "is written to" : "is not written to"),
      put: (into: KeyDraft, from: KeyDraft) => ({
        ...into,
        recipients: has(from) ? [...into.recipients.filter((one) => fold(one) !== folded), email] : into.recipients.filter((one) => fold(one) !== folded),
      }),
    };
  });
}

/** Whether two drafts say the same. */
export const sameDraft = (a: KeyDraft, b: KeyDraft): boolean =>
  fieldsOf(a, b).every((field) => field.same(a, b)) && sameAddresses(a.recipients, b.recipients);
