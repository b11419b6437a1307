// Exact decimal numbers as people type them. Values are integers of 10⁻⁹, which is the smallest amount of US dollars that Bursar knows;
// no value passes through a floating-point number.

/** 10⁹: how many units are one dollar, or one token. */
export const ONE = 1_000_000_000n;

/** The largest amount of dollars that fits into 64 bits of nano-dollars, in units. */
export const MOST_COST = 9_223_372_036_854_775_807n;

/** The largest number of tokens or requests, in units. */
export const MOST_COUNT = 9_223_372_036_854_775_807n * ONE;

/** A number that was read, or why it is none: a sentence for a form. */
export type Parsed = { ok: true; units: bigint } | { ok: false; reason: string };

// Digits in groups of three may be parted by commas, spaces or underscores: 1,000,000. A comma is never a decimal point.
const numberForm = /^(\d+|\d{1,3}(?:[, _\u00a0\u202f]\d{3})+)(?:\.(\d*))?$/;

/** Reads a decimal number of at most 9 places. A dollar sign before it is passed over. */
export function parseDecimal(text: string): Parsed {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return { ok: false, reason: "Must be given." };
  if (trimmed.startsWith("-")) return { ok: false, reason: "Must not be negative." };
  const found = numberForm.exec(trimmed.startsWith(".") ? `0${trimmed}` : trimmed);
  if (found === null) return { ok: false, reason: "Must be a number, such as 1250 or 12.50." };
  const whole = (found[1] ?? "").replace(/\D/g, "");
  const places = (found[2] ?? "").replace(/0+$/, "");
  if (places.length > 9) return { ok: false, reason: "At most 9 decimal places." };
  return { ok: true, units: BigInt(whole) * ONE + BigInt(places.padEnd(9, "0")) };
}

/** Reads a whole number. */
export function parseWhole(text: string): Parsed {
  const parsed = parseDecimal(text);
  if (parsed.ok && parsed.units % ONE !== 0n) return { ok: false, reason: "Must be a whole number." };
  return parsed;
}

/** The number as the API takes it: no grouping, no trailing zeros. */
export function formatDecimal(units: bigint): string {
  const places = (units % ONE).toString().padStart(9, "0").replace(/0+$/, "");
  return `${units / ONE}${places === "" ? "" : `.${places}`}`;
}

/** The number as people read it: grouped, and with at least `least` decimal places. */
export function groupDecimal(units: bigint, least = 0): string {
  const places = (units % ONE).toString().padStart(9, "0").replace(/0+$/, "").padEnd(least, "0");
  const whole = (units / ONE).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${whole}${places === "" ? "" : `.${places}`}`;
}

/** `percent` (in units, so 80 % is 80 × 10⁹) of an amount, cut to a multiple of `step`. */
export function percentOf(amount: bigint, percent: bigint, step: bigint): bigint {
  const exact = (amount * percent) / (100n * ONE);
  return exact - (exact % step);
}

/** How many percent of a whole a part is, with one decimal place at most: "80 %", "33.3 %". Empty for a whole of nothing. */
export function percentText(part: bigint, whole: bigint): string {
  if (whole === 0n) return "";
  const tenths = (part * 1000n) / whole;
  return tenths % 10n === 0n ? `${tenths / 10n}%` : `${tenths / 10n}.${tenths % 10n}%`;
}
