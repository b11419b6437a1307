import styles from "./PeriodChart.module.css";

/** A period of a budget: what was used of it, and what might be. */
export interface PeriodColumn {
  key: string;
  /** What stands below it. */
  label: string;
  /** What it says when it is pointed at. */
  title: string;
  used: number;
  amount: number;
}

interface Properties {
  /** What the chart shows, with its values: it is an image. */
  label: string;
  /** Oldest first. */
  periods: readonly PeriodColumn[];
  /** Writes the largest value, at the top of the axis. */
  format: (value: number) => string;
}

/** The periods of a budget side by side: what was used as columns, what might be used as a line over each. */
export function PeriodChart({ label, periods, format }: Properties) {
  const most = Math.max(...periods.map(({ used, amount }) => Math.max(used, amount)), 0);
  const height = (value: number) => (most === 0 ? 0 : (value / most) * 100);
  const everyNth = Math.max(1, Math.ceil(periods.length / 6));
  return (
    <figure className={styles.chart}>
      <div className={styles.scale} aria-hidden="true">
        <span>{format(most)}</span>
        <span>{format(0)}</span>
      </div>
      <svg className={styles.plot} role="img" aria-label={label} viewBox={`0 0 ${Math.max(1, periods.length) * 10} 100`} preserveAspectRatio="none">
        {periods.map(({ key, title, used, amount }, index) => (
          <g key={key}>
            <title>{title}</title>
            <rect className={styles.target} x={index * 10} y="0" width="10" height="100" />
            <rect className={used > amount ? styles.over : styles.used} x={index * 10 + 1.5} y={100 - height(used)} width="7" height={height(used)} />
            <rect className={styles.amount} x={index * 10 + 0.5} y={Math.min(98, 100 - height(amount))} width="9" height="2" />
          </g>
        ))}
      </svg>
      <div className={styles.labels} aria-hidden="true">
        {periods.map((period, index) => (
          <span key={period.key}>{(periods.length - 1 - index) % everyNth === 0 ? period.label : ""}</span>
        ))}
      </div>
    </figure>
  );
}
