/** Arithmetic with the API's exact decimals: texts with at most nine places. */

const places = 9;

function toNanos(decimal: string): bigint {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace(/^[-+]/, "").split(".");
  const nanos = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  return negative ? -nanos : nanos;
}

function fromNanos(nanos: bigint): string {
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return `${nanos < 0n ? "-" : ""}${digits.slice(0, -places)}${fraction && `.${fraction}`}`;
}

export function sumDecimals(decimals: readonly string[]): string {
  return fromNanos(decimals.reduce((sum, decimal) => sum + toNanos(decimal), 0n));
}

/** Below, at or above zero, as a comparison of sorting is. */
export function compareDecimals(a: string, b: string): number {
  const difference = toNanos(a) - toNanos(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
