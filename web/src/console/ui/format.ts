/** Amounts are exact decimal texts in the API; nothing here passes them through a binary fraction. */

/** The whole part in groups of three, and the fraction as it is. */
function grouped(decimal: string): string {
  const [whole = "0", fraction] = decimal.split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** Rounds a decimal text half away from zero to that many places. */
export function roundDecimal(decimal: string, places: number): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace(/^[-+]/, "").split(".");
  const scaled = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  const up = Number(fraction[places] ?? "0") >= 5 ? 1n : 0n;
  const digits = (scaled + up).toString().padStart(places + 1, "0");
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/**
 * US dollars: to the cent, and below a cent to the first two digits that are not zero. `exact` writes every place there is.
 */
export function money(dollars: string, exact = false): string {
  const negative = dollars.startsWith("-");
  const absolute = dollars.replace(/^[-+]/, "");
  let text = absolute;
  if (!exact) {
    const small = /^0*\.(0{2,})[1-9]/.exec(absolute);
    text = roundDecimal(absolute, small ? Math.min(9, small[1]!.length + 2) : 2);
  } else if (!/\.\d{2}/.test(text)) {
    text = roundDecimal(text, 2);
  }
  return `${negative ? "−" : ""}$${grouped(text)}`;
}

/** A whole number in groups of three. Sums may have more digits than a double holds: give texts where you have them. */
export function count(value: number | string): string {
  const text = String(value);
  return text.startsWith("-") ? `−${grouped(text.slice(1))}` : grouped(text);
}

/** A whole number in four characters or so: 12.3K, 4.1M. */
export function compact(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** A budget's amount, in its unit. */
export function amount(value: string, type: "COST" | "TOKENS" | "REQUESTS"): string {
  return type === "COST" ? money(value) : `${count(roundDecimal(value, 0))} ${type.toLowerCase()}`;
}

/** A budget's amount where there is little room: dollars to the cent, tokens and requests as 12.3M. */
export function shortAmount(value: string, type: "COST" | "TOKENS" | "REQUESTS"): string {
  return type === "COST" ? money(value) : compact(Number(value));
}

/** A share of 0 to 1, in whole percent; what is not quite nothing or all does not say 0 % or 100 %. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (share > 0 && whole === 0) return "<1%";
  return share < 1 && whole === 100 ? "99%" : `${whole}%`;
}

const dateTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const dateTimeUTC = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
const secondsUTC = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const dateUTC = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** An instant, in the reader's time zone. */
export function instant(time: string): string {
  return dateTime.format(new Date(time));
}

/** An instant in UTC, in which periods begin and end. */
export function instantUTC(time: string): string {
  return `${dateTimeUTC.format(new Date(time))} UTC`;
}

/** An instant in UTC to the second, for what is compared with logs. */
export function secondUTC(time: string): string {
  return `${secondsUTC.format(new Date(time))} UTC`;
}

/** The day of an instant, UTC: days of reports are days there. */
export function dayUTC(time: string): string {
  return dateUTC.format(new Date(time));
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** The day of an instant in a time zone, in which a budget's periods begin. */
export function dayAt(time: string, timeZone: string): string {
  const format = dates.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone });
  dates.set(timeZone, format);
  return format.format(new Date(time));
}

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** How long ago or from now, within a week: `3 hours ago`, `in 2 days`; else the day, in the reader's time zone: `30 Oct`, `30 Oct 2024`. */
export function relativeTime(time: string, now = Date.now()): string {
  const at = new Date(time);
  const seconds = (at.getTime() - now) / 1000;
  if (Math.abs(seconds) >= 604_800) return (at.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(at);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return "just now";
}
