import { useEffect, useState } from "react";
import styles from "./Format.module.css";
import { compact, count, instant, instantUTC, money, relativeTime } from "./format";

/** US dollars out of an exact decimal text; the title has all of its places. */
export function Money({ dollars, exact }: { dollars: string; exact?: boolean }) {
  return <span title={money(dollars, true)}>{money(dollars, exact)}</span>;
}

/** A whole number; `short` writes 12.3K, with the number itself in the title. */
export function Count({ value, short }: { value: number | string; short?: boolean }) {
  return <span title={short ? count(value) : undefined}>{short ? compact(Number(value)) : count(value)}</span>;
}

/** An instant, as how long ago it was; the title has it in the reader's time zone and in UTC. */
export function Time({ at, absolute }: { at: string; absolute?: boolean }) {
  const now = useNow(!absolute);
  return (
    <time dateTime={at} title={`${instant(at)} · ${instantUTC(at)}`} className={styles.time}>
      {absolute ? instant(at) : relativeTime(at, now)}
    </time>
  );
}

/** The time now, every half minute. */
function useNow(active: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

/** A dash for what there is none of. */
export function None({ label = "none" }: { label?: string }) {
  return (
    <span className={styles.none}>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
