import type { LimitDenialsQuery } from "../../../gql/graphql";

export type Denial = NonNullable<LimitDenialsQuery["limitDenials"]>[number];

const hour = 3_600_000;

/** The first instant of the hour that began so many hours before that of now. */
export const hoursAgo = (hours: number, now = Date.now()): string => new Date(Math.floor(now / hour) * hour - (hours - 1) * hour).toISOString();

/** What was denied in each hour from one on until now, those without anything included: times in seconds, and how many requests. */
export function byHour(denials: readonly Denial[], from: string, now = Date.now()) {
  const times: number[] = [];
  for (let at = Date.parse(from); at <= now; at += hour) times.push(at / 1000);
  const values = (shadow: boolean) => {
    const sums = new Map<number, number>();
    for (const one of denials) if (one.shadow === shadow) sums.set(Date.parse(one.hour) / 1000, (sums.get(Date.parse(one.hour) / 1000) ?? 0) + one.count);
    return times.map((at) => sums.get(at) ?? 0);
  };
  return { times, denied: values(false), shadow: values(true) };
}

/** How often requests were denied, or would have been, by some limits. */
export const sumOf = (denials: readonly Denial[], shadow: boolean, of: (limitId: string) => boolean = () => true): number =>
  denials.reduce((sum, one) => (one.shadow === shadow && of(one.limitId) ? sum + one.count : sum), 0);
