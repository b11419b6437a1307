/** A bound as it was typed: null when it is empty, undefined when it is no whole number in the range. */
export function readBound(text: string, least: number, most: number): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  if (!/^\d{1,9}$/.test(typed)) return undefined;
  const value = Number(typed);
  return value >= least && value <= most ? value : undefined;
}

const units = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A number of seconds in words: 15 minutes, 1 hour 30 minutes. */
export function durationText(seconds: number): string {
  let left = seconds;
  const parts = units.flatMap(([unit, length]) => {
    const number = Math.floor(left / length);
    left -= number * length;
    return number === 0 ? [] : [`${number} ${unit}${number === 1 ? "" : "s"}`];
  });
  return parts.join(" ");
}
