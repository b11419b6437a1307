// What a policy has beside its name and limits, while somebody edits it: see keys/form/draft.ts, whose drafts it is a part of.

import type { CreatePolicyInput, PolicyFieldsFragment, UpdatePolicyInput } from "../../../gql/graphql";
import { draftOf, newDraft, type KeyDraft, type LimitMode } from "../../keys/form/draft";
import { createInput, updateInput } from "../../keys/form/input";
import { attributeText, conditionText } from "../words";

/** A condition; `key` names its row. The name of a metadata attribute is apart. */
export type ConditionDraft = { key: string; attribute: Attribute; name: string; in: string[]; notIn: string[] };
export type Attribute = "model" | "provider" | "apiKey" | "workspace" | "metadata";

export type PolicyPart = {
  mode: LimitMode;
  conditions: ConditionDraft[];
  /** Attributes, as the API names them. */
  groupBy: string[];
  /** As it was typed. */
  maxGroups: string;
};

const mostConditions = 20;
const mostGroupBy = 5;
const mostGroups = 1_000_000;
const mostValues = 100;

/** The attribute of a condition as the API names it. */
export const attributeOf = ({ attribute, name }: Pick<ConditionDraft, "attribute" | "name">): string => (attribute === "metadata" ? `metadata.${name.trim()}` : attribute);

/** The draft of a new policy: one group of all requests, in effect. */
export const newPolicyDraft = (ownerId: string): KeyDraft => ({ ...newDraft(ownerId), policy: { mode: "ENFORCE", conditions: [], groupBy: [], maxGroups: "100000" } });

/** The draft of a policy as it is saved. */
export function policyDraft(saved: PolicyFieldsFragment): KeyDraft {
  return {
    ...draftOf({ ...saved, owner: { id: saved.owner?.id ?? "" }, metadata: {}, emailNotifications: true, recipients: [] }),
    policy: {
      mode: saved.mode,
      conditions: saved.conditions.map(({ attribute, in: allowed, notIn }, index) => ({
        key: `condition-${index}`,
        ...(attribute.startsWith("metadata.")
          ? { attribute: "metadata" as const, name: attribute.slice("metadata.".length) }
          : { attribute: attribute as Attribute, name: "" }),
        in: allowed,
        notIn,
      })),
      groupBy: saved.groupBy,
      maxGroups: String(saved.maxGroups),
    },
  };
}

const partOf = (draft: KeyDraft): PolicyPart => draft.policy ?? { mode: "ENFORCE", conditions: [], groupBy: [], maxGroups: "" };
const conditionsOf = (part: PolicyPart) => part.conditions.map((one) => ({ attribute: attributeOf(one), in: one.in, notIn: one.notIn }));
const groupsOf = (part: PolicyPart) => Number(part.maxGroups.replaceAll(",", ""));

/** The input that creates a policy out of a draft without errors. */
export function createPolicyInput(draft: KeyDraft): CreatePolicyInput {
  const part = partOf(draft);
  const { ownerId, name, budgetLimits = [], rateLimits = [] } = createInput(draft);
  return { ownerId, name, budgetLimits, rateLimits, mode: part.mode, conditions: conditionsOf(part), groupBy: part.groupBy, maxGroups: groupsOf(part) };
}

/** The input that makes a saved policy what a draft without errors says; undefined when nothing is different. */
export function updatePolicyInput(id: string, version: number, base: KeyDraft, draft: KeyDraft): UpdatePolicyInput | undefined {
  const { name, budgetLimits, rateLimits } = updateInput(id, version, base, draft) ?? {};
  const [was, is] = [partOf(base), partOf(draft)];
  const input: UpdatePolicyInput = {
    id,
    expectedVersion: version,
    ...(name === undefined ? {} : { name }),
    ...(budgetLimits && { budgetLimits }),
    ...(rateLimits && { rateLimits }),
    ...(is.mode === was.mode ? {} : { mode: is.mode }),
    ...(groupsOf(is) === groupsOf(was) ? {} : { maxGroups: groupsOf(is) }),
    ...(same(conditionsOf(is), conditionsOf(was)) ? {} : { conditions: conditionsOf(is) }),
    ...(same(is.groupBy, was.groupBy) ? {} : { groupBy: is.groupBy }),
  };
  return Object.keys(input).length === 2 ? undefined : input;
}

/** Whether saving begins new counters: other conditions or another grouping. */
export function beginsAnew(base: KeyDraft, draft: KeyDraft): boolean {
  const [was, is] = [partOf(base), partOf(draft)];
  return !same(conditionsOf(is), conditionsOf(was)) || !same(is.groupBy, was.groupBy);
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The names of the form's fields: see keys/form/fields.ts. */
export const partAt = {
  mode: "mode",
  groupBy: "groupBy",
  maxGroups: "maxGroups",
  conditions: "conditions",
  condition: (key: string, field?: "attribute" | "in" | "notIn") => `conditions/${key}${field ? `/${field}` : ""}`,
};

/** Notes what is wrong. */
export function checkPart(part: PolicyPart, note: (field: string, reason: string | undefined) => void): void {
  note(partAt.conditions, part.conditions.length > mostConditions ? `At most ${mostConditions}, has ${part.conditions.length}.` : undefined);
  for (const one of part.conditions) {
    note(partAt.condition(one.key, "attribute"), one.attribute === "metadata" && one.name.trim() === "" ? "Which name of the metadata?" : undefined);
    note(partAt.condition(one.key, "in"), one.in.length + one.notIn.length === 0 ? "Give a value here or below, or remove the condition." : tooMany(one.in));
    note(partAt.condition(one.key, "notIn"), tooMany(one.notIn));
  }
  note(partAt.groupBy, part.groupBy.length > mostGroupBy ? `At most ${mostGroupBy}, has ${part.groupBy.length}.` : undefined);
  const most = groupsOf(part);
  note(partAt.maxGroups, Number.isInteger(most) && most >= 1 && most <= mostGroups && part.maxGroups.trim() !== "" ? undefined : "A whole number from 1 to 1,000,000.");
}

const tooMany = (values: string[]) => (values.length > mostValues ? `At most ${mostValues}, has ${values.length}.` : undefined);

/** The form's field of a path in the input; undefined when the form shows none. */
export function partField(part: PolicyPart, [first, index, field]: string[]): string | undefined {
  if (first === "mode" || first === "groupBy" || first === "maxGroups") return first;
  if (first !== "conditions") return undefined;
  const row = part.conditions[index === undefined ? -1 : Number(index)];
  if (row === undefined) return partAt.conditions;
  return field === "attribute" || field === "in" || field === "notIn" ? partAt.condition(row.key, field) : partAt.condition(row.key);
}

type Difference = {
  key: string;
  label: string;
  same: (a: KeyDraft, b: KeyDraft) => boolean;
  text: (draft: KeyDraft) => string;
  put: (into: KeyDraft, from: KeyDraft) => KeyDraft;
};

function difference(key: keyof PolicyPart, label: string, meaning: (part: PolicyPart) => unknown, text: (part: PolicyPart) => string): Difference {
  return {
    key,
    label,
    same: (a, b) => same(meaning(partOf(a)), meaning(partOf(b))),
    text: (draft) => text(partOf(draft)),
    put: (into, from) => ({ ...into, policy: { ...partOf(into), [key]: partOf(from)[key] } }),
  };
}

/** What two edits of a policy are compared by beside its name and limits: see keys/form/merge.ts. */
export const partDifferences: Difference[] = [
  difference("mode", "Mode", ({ mode }) => mode, ({ mode }) => (mode === "SHADOW" ? "shadow" : "refuses requests")),
  difference("conditions", "Conditions", conditionsOf, (part) => conditionsOf(part).map(conditionText).join("; ") || "none"),
  difference("groupBy", "Group by", ({ groupBy }) => groupBy, ({ groupBy }) => groupBy.map(attributeText).join(", ") || "nothing"),
  difference("maxGroups", "Groups at most", groupsOf, ({ maxGroups }) => maxGroups),
];
