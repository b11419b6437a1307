import { amount, count, money, percent } from "../../ui/format";

type Unit = "COST" | "TOKENS" | "REQUESTS";

/** A lease, as far as its amounts go. */
export interface Amounts {
  readonly requests: string | number;
  readonly tokens: string | number;
  readonly cost: string;
  readonly granted?: { readonly requests: string | number; readonly tokens: string | number; readonly cost: string } | null;
}

/** A limit of the key's own, and how much it allows. */
export interface LimitOfKey {
  readonly type: Unit | "PARALLEL_REQUESTS";
  readonly max: string;
  readonly what: string;
}

/** What a lease has left of each amount that it was granted. */
export function amountsOf({ requests, tokens, cost, granted }: Amounts): { type: Unit; left: string; granted: string }[] {
  if (!granted) return [];
  const all: { type: Unit; left: string; granted: string }[] = [
    { type: "REQUESTS", left: String(requests), granted: String(granted.requests) },
    { type: "TOKENS", left: String(tokens), granted: String(granted.tokens) },
    { type: "COST", left: cost, granted: granted.cost },
  ];
  return all.filter((one) => Number(one.granted) > 0);
}

/** How much of each limit of the key a lease holds, such as "12% of the budget of $50.00". */
export function sharesOf(lease: Amounts, limits: readonly LimitOfKey[]): string[] {
  const left = new Map(amountsOf(lease).map((one) => [one.type, Number(one.left)]));
  return limits.flatMap(({ type, max, what }) => {
    const unit = type === "PARALLEL_REQUESTS" ? "REQUESTS" : type;
    const held = left.get(unit) ?? 0;
    return held > 0 && Number(max) > 0 ? [`${percent(held / Number(max))} of the ${what} of ${amount(max, unit)}`] : [];
  });
}

/** What is left of an amount, such as "30 of 60 requests". */
export function leftOf(type: Unit, left: string, granted: string): string {
  return type === "COST" ? `${money(left)} of ${money(granted)}` : `${count(left)} of ${count(granted)} ${type.toLowerCase()}`;
}

/** How soon an instant is, to the second: a lease lasts for a minute at most. */
export function timeLeft(at: string, now: number = Date.now()): string {
  const seconds = Math.ceil((Date.parse(at) - now) / 1000);
  return seconds > 0 ? `in ${seconds} s` : "now";
}
