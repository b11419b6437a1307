// What a policy is, in words.

import type { PolicyFieldsFragment, PolicyGroupsQuery } from "../../gql/graphql";
import { amount, count } from "../../ui/format";
import { periodText, ratedText } from "../keys/form/describe";

type Condition = Pick<PolicyFieldsFragment["conditions"][number], "attribute" | "in" | "notIn">;
export type Groups = Extract<NonNullable<PolicyGroupsQuery["node"]>, { __typename: "Policy" }>["groups"];
export type Group = Groups["nodes"][number];
export type Budget = PolicyFieldsFragment["budgetLimits"][number];
export type Rate = PolicyFieldsFragment["rateLimits"][number];

const attributes: Record<string, string> = { model: "model", provider: "provider", apiKey: "API key", workspace: "workspace" };

/** An attribute as a person calls it: "model", "metadata user". */
export const attributeText = (attribute: string): string => attributes[attribute] ?? attribute.replace(/^metadata\./, "metadata ");

const listed = (values: readonly string[]) => (values.length > 3 ? `${values.slice(0, 3).join(", ")} and ${values.length - 3} more` : values.join(" or "));

/** A condition: "model is gpt-4* and not gpt-4-mini". */
export function conditionText({ attribute, in: allowed, notIn }: Condition): string {
  const parts = [allowed.length > 0 ? `is ${listed(allowed)}` : "", notIn.length > 0 ? `is not ${listed(notIn)}` : ""].filter((part) => part !== "");
  return `${attributeText(attribute)} ${parts.join(" and ")}`;
}

/** Which requests fall under it, as a sentence without its point. */
export function conditionsText(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? "all requests" : `requests whose ${conditions.map(conditionText).join(", and whose ")}`;
}

/** For whom its limits count. */
export function groupByText(groupBy: readonly string[]): string {
  return groupBy.length === 0 ? "all together" : `each ${groupBy.map(attributeText).join(" and ")} on its own`;
}

/** A budget of a policy, short: "$20.00 a month". */
export const budgetText = (one: Pick<Budget, "amount" | "type" | "periodicReset">): string => `${amount(one.amount, one.type)} ${periodText[one.periodicReset]}`;

/** A rate limit of a policy, short: "60 requests a minute". */
export const rateText = (one: Pick<Rate, "limit" | "type" | "interval">): string => `${count(one.limit)} ${ratedText(one.type, one.interval)}`;

/** A policy, an API key, a workspace or an organization, as far as its limits are told. */
interface Limited {
  budgetLimits: readonly (Pick<Budget, "amount" | "type" | "periodicReset"> & { id: string })[];
  rateLimits: readonly (Pick<Rate, "limit" | "type" | "interval"> & { id: string })[];
}

/** What it limits, by the ids of its limits. */
export function limitTexts({ budgetLimits, rateLimits }: Limited): Map<string, string> {
  return new Map([...budgetLimits.map((one): [string, string] => [one.id, budgetText(one)]), ...rateLimits.map((one): [string, string] => [one.id, rateText(one)])]);
}

/** A group by its values: "ann, gpt-4.1"; null is said. */
export function groupText(values: readonly { attribute: string; value?: string | null }[]): string {
  return values.length === 0 ? "All requests" : values.map(({ attribute, value }) => value ?? `no ${attributeText(attribute)}`).join(", ");
}

/** The same group, whatever else it has. */
export const groupKey = (values: readonly { attribute: string; value?: string | null }[]): string => JSON.stringify(values.map(({ attribute, value }) => [attribute, value ?? null]));

/** An amount of a limit of a group, with its unit. */
export const limitAmount = (value: string, { kind, type }: { kind: string; type: string }): string =>
  kind === "BUDGET" ? amount(value, type as "COST" | "TOKENS" | "REQUESTS") : `${count(value)} ${type === "TOKENS" ? "token" : "request"}${value === "1" ? "" : "s"}`;
