import type { Interval } from "./interval";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are made once each: making one takes longer than using it a hundred times. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify(options);
  const known = formats.get(name) ?? new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  formats.set(name, known);
  return known;
}

/** 28 Nov 2026 */
export const dayText = (at: Date): string => format({ day: "numeric", month: "short", year: "numeric" }).format(at);

/** 28 Nov 2026, 08:30 */
export const instantText = (at: Date, timeZone = "UTC"): string =>
  format({ timeZone, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(at);

/** 28 Nov 2026, 08:30:48 */
export const secondText = (at: Date): string =>
  format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);

/** A bucket as a person calls it: 28 Nov, 14:00; Sat 28 Nov; week of 22 Nov; Nov 2026; by the clocks of a time zone. */
export function bucketText(start: Date, interval: Interval, timeZone = "UTC"): string {
  const local = (options: Intl.DateTimeFormatOptions) => format({ timeZone, ...options });
  switch (interval) {
    case "HOUR":
      return local({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(start);
    case "DAY":
      return local({ weekday: "short", day: "numeric", month: "short" }).format(start);
    case "WEEK":
      return `Week of ${local({ day: "numeric", month: "short" }).format(start)}`;
    case "MONTH":
      return local({ month: "short", year: "numeric" }).format(start);
  }
}

/** A bucket as the axis of a chart has it, short; hours are without their day, but for the first one of a day. */
export function axisText(start: Date, interval: Interval, timeZone = "UTC"): string {
  if (interval === "MONTH") return format({ timeZone, month: "short", year: "2-digit" }).format(start);
  const clock = format({ timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(start);
  if (interval === "HOUR" && !clock.startsWith("00:")) return clock;
  return format({ timeZone, day: "numeric", month: "short" }).format(start);
}
