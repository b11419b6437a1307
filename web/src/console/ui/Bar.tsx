import { cx } from "./cx";
import styles from "./Bar.module.css";

interface Properties {
  /** Such as `Cost, $12.00 of $50.00 used, $3.00 held`: the bar is an image, and this is what it says. */
  label: string;
  /** Numbers for drawing alone: exact amounts are written by Money and Count. */
  used: number;
  held?: number;
  max: number;
  /** Marks at these values. */
  thresholds?: readonly number[];
  /** Lower, for rows of tables. */
  thin?: boolean;
}

/** How full a limit is: used is solid, held by requests in flight is hatched, the rest is the track. */
export function Bar({ label, used, held = 0, max, thresholds = [], thin }: Properties) {
  const share = (value: number) => (max > 0 ? Math.min(100, Math.max(0, (value / max) * 100)) : 100);
  const level = levelOf(used + held, max);
  const usedShare = share(used);
  return (
    <svg className={cx(styles.bar, thin && styles.thin, styles[level])} role="img" aria-label={label} preserveAspectRatio="none">
      <rect className={styles.track} width="100%" height="100%" />
      <rect className={styles.used} width={`${usedShare}%`} height="100%" />
      <rect className={styles.held} x={`${usedShare}%`} width={`${share(used + held) - usedShare}%`} height="100%" />
      {thresholds.map((value) => (
        <rect key={value} className={styles.threshold} x={`${share(value)}%`} width="1.5" height="100%" />
      ))}
    </svg>
  );
}

/** How serious it is that so much of a limit is used or held. */
export function levelOf(taken: number, max: number): "calm" | "near" | "full" {
  if (max <= 0 || taken >= max) return "full";
  return taken >= 0.8 * max ? "near" : "calm";
}
