// Which limit of a key bites first, for a row of the table.

import { parseDecimal } from "./form/decimal";

type Counted = { used: string | number; reserved: string | number };

/** A share of a limit, 0 to 1 and above when more was used than it allows. */
export type Shares = { used: number; held: number };

const units = (value: string | number): bigint => {
  const parsed = parseDecimal(String(value));
  return parsed.ok ? parsed.units : 0n;
};

/** How much of a limit is used and held, for a bar. */
export function sharesOf(limit: Counted, most: string | number): Shares {
  const whole = units(most);
  if (whole === 0n) return { used: 1, held: 0 };
  const share = (part: bigint) => Number((part * 1_000_000n) / whole) / 1_000_000;
  return { used: share(units(limit.used)), held: share(units(limit.reserved)) };
}

/** The limit of which the largest share is used and held; the first of equals; undefined without limits. */
export function tightest<Limit extends Counted>(limits: readonly Limit[], most: (limit: Limit) => string | number): Limit | undefined {
  let found: Limit | undefined;
  let largest = -1;
  for (const limit of limits) {
    const { used, held } = sharesOf(limit, most(limit));
    if (used + held > largest) [found, largest] = [limit, used + held];
  }
  return found;
}
