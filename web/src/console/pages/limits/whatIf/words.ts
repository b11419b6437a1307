import type { SimulationFieldsFragment } from "../../../gql/graphql";
import { amount, count, dayUTC, money } from "../../../ui/format";
import { periodText, ratedText, switchText } from "../../keys/form/describe";

type Budget = SimulationFieldsFragment["budgetLimits"][number];
type Rate = SimulationFieldsFragment["rateLimits"][number];

/** A limit of a simulation as a row: what it is, what it would have refused, and what it would have told. */
export interface LimitRow {
  name: string;
  /** Shadow or off; "" where it refuses. */
  note: string;
  events: number;
  cost: string;
  firstAt: string | null;
  alerts: string;
}

/** The limits of a simulation that is done. */
export const limitRows = ({ budgetLimits, rateLimits }: Pick<SimulationFieldsFragment, "budgetLimits" | "rateLimits">): LimitRow[] => [
  ...budgetLimits.map((one) => ({ name: `${amount(one.amount, one.type)} ${periodText[one.periodicReset]}`, ...refusedBy(one), alerts: alertsText(one) })),
  ...rateLimits.map((one) => ({ name: `${count(one.limit)} ${ratedText(one.type, one.interval)}`, ...refusedBy(one), alerts: "" })),
];

const refusedBy = (one: Budget | Rate) => ({
  note: switchText(one),
  events: one.refused?.events ?? 0,
  cost: one.refused?.cost ?? "0",
  firstAt: one.refused?.firstAt ?? null,
});

/** The alerts of a budget: "$80.00 in 3 periods, used up in 1 period". */
export function alertsText({ type, alerts }: Pick<Budget, "type" | "alerts">): string {
  const text = alerts.map(({ kind, threshold, periods }) => {
    const what = kind === "THRESHOLD" ? amount(threshold ?? "0", type) : kind === "EXHAUSTED" ? "used up" : "refused";
    return `${what} in ${count(periods)} ${periods === 1 ? "period" : "periods"}`;
  });
  return text.join(", ") || "none";
}

/** What became of all usage, in a sentence. */
export function summary({ replayed, refused, from, to }: Pick<SimulationFieldsFragment, "replayed" | "refused" | "from" | "to">): string {
  if (!replayed || !refused) return "";
  const time = `from ${dayUTC(from)} to ${dayUTC(new Date(Date.parse(to) - 1).toISOString())}`;
  if (replayed.events === 0) return `Nothing was used ${time}.`;
  if (refused.events === 0) return `Of ${count(replayed.events)} requests ${time}, none would have been refused.`;
  return `Of ${count(replayed.events)} requests ${time}, ${count(refused.events)} would have been refused, with ${money(refused.cost)} of ${money(replayed.cost)}.`;
}

const hour = 3_600_000;

/** What was refused in each hour or day of a span, those without anything included: times in seconds, and how many requests. */
export function barsOf(buckets: readonly { start: string; events: number }[], from: string, to: string, length: "HOUR" | "DAY") {
  const step = length === "HOUR" ? hour : 24 * hour;
  const refused = new Map(buckets.map(({ start, events }) => [Date.parse(start), events]));
  const times: number[] = [];
  const values: number[] = [];
  for (let at = Math.floor(Date.parse(from) / step) * step; at < Date.parse(to); at += step) {
    times.push(at / 1000);
    values.push(refused.get(at) ?? 0);
  }
  return { times, values };
}

/** Whether a simulation is short enough to be shown by the hour. */
export const isShort = ({ from, to, interval }: Pick<SimulationFieldsFragment, "from" | "to" | "interval">): boolean =>
  interval === "HOUR" && Date.parse(to) - Date.parse(from) <= 8 * 24 * hour;
