import { cx } from "../../../ui/cx";
import styles from "./ColumnChart.module.css";

/** A part of a column; `series` is its colour, 1 to 8, or "others". */
export interface Part {
  value: number;
  series: number | "others";
}

/** A column: what stands below it, what it says when it is pointed at, its parts from the bottom up, and a mark. */
export interface ChartColumn {
  key: string;
  label: string;
  title: string;
  parts: Part[];
  /** A line across the column, such as the amount of a budget. */
  mark?: number;
}

interface Properties {
  /** What the chart shows, in a sentence: a table beside it has the values. */
  label: string;
  columns: readonly ChartColumn[];
  /** How the largest value is written, at the top of the axis. */
  format: (value: number) => string;
  /** Lower, beside others. */
  small?: boolean;
}

/** Columns over time. Sizes are SVG attributes, because the page's policy allows no style attribute. */
export function ColumnChart({ label, columns, format, small }: Properties) {
  const most = Math.max(...columns.map(({ parts, mark }) => Math.max(sum(parts), mark ?? 0)), 0);
  const height = (value: number) => (most === 0 ? 0 : (value / most) * 100);
  const labelled = Math.max(1, Math.ceil(columns.length / 8));
  return (
    <figure className={cx(styles.chart, small && styles.small)}>
      <div className={styles.scale} aria-hidden="true">
        <span>{format(most)}</span>
        <span>{format(0)}</span>
      </div>
      <svg className={styles.plot} role="img" aria-label={label} viewBox={`0 0 ${Math.max(1, columns.length) * 10} 100`} preserveAspectRatio="none">
        {columns.map((column, index) => (
          <g key={column.key}>
            <title>{column.title}</title>
            <rect className={styles.target} x={index * 10} y="0" width="10" height="100" />
            {stacked(column.parts).map(({ part, below }, at) => (
              <rect
                key={at}
                className={styles[`series-${part.series}`]}
                x={index * 10 + 1.5}
                y={100 - height(below + part.value)}
                width="7"
                height={height(part.value)}
              />
            ))}
            {column.mark !== undefined && <rect className={styles.mark} x={index * 10 + 0.5} y={Math.min(99, 100 - height(column.mark))} width="9" height="1" />}
          </g>
        ))}
      </svg>
      <div className={styles.labels} aria-hidden="true">
        {columns.map((column, index) => (
          <span key={column.key}>{(columns.length - 1 - index) % labelled === 0 ? column.label : ""}</span>
        ))}
      </div>
    </figure>
  );
}

const sum = (parts: Part[]) => parts.reduce((total, { value }) => total + value, 0);

function stacked(parts: Part[]) {
  let below = 0;
  return parts.map((part) => {
    const at = { part, below };
    below += part.value;
    return at;
  });
}
