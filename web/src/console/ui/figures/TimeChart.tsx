import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useIsDark } from "../../app/theme";
import { chartOptions, stack } from "./chartOptions";
import { cx } from "../cx";
import styles from "./TimeChart.module.css";

/** The colour of a series: its place in the palette, or that of all others together. */
export type SeriesColour = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "others";

export interface ChartSeries {
  label: string;
  /** One for each of the times; null where there is none. */
  values: readonly (number | null)[];
  /** Default: 1. */
  colour?: SeriesColour;
  /** A line that is not measured: a projection. */
  dashed?: boolean;
}

export interface ChartProperties {
  /** What it shows, for screen readers, and the caption of the table that they read. */
  label: string;
  /** The beginnings of the buckets, or the instants, in seconds since 1970. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** Bars are stacked. */
  kind: "bars" | "lines";
  /** Writes a value, such as `money`. */
  format: (value: number) => string;
  /** Writes a time; also of the tooltip. */
  formatTime: (seconds: number) => string;
  /** In which days begin. Default: UTC. */
  timeZone?: string;
  /** Lines across the chart: a budget's amount, its thresholds. */
  marks?: readonly { value: number; label: string; strong?: boolean }[];
  /** In pixels. Default: 220. */
  height?: number;
  /** Without the list of the series below the chart. */
  legendHidden?: boolean;
}

/** Values over time. What the canvas shows stands in a table for those who cannot see it. */
export function TimeChart(properties: ChartProperties) {
  const { label, times, series, kind, format, formatTime, height = 220, legendHidden } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const dark = useIsDark();
  const [pointed, setPointed] = useState<{ index: number; left: number }>();
  const options = useRef(properties);
  options.current = properties;
  const data = useMemo(
    () => [[...times], ...(kind === "bars" ? stack(series) : series.map(({ values }) => [...values]))] as uPlot.AlignedData,
    [times, series, kind],
  );
  // What makes a chart anew; new values are put into the chart that there is.
  const shape = JSON.stringify([kind, height, dark, properties.timeZone, properties.marks, series.map(({ colour, dashed }) => [colour, dashed])]);
  const chart = useRef<uPlot>(undefined);

  useEffect(() => {
    if (width === 0 || frame.current === null) return;
    const made = new uPlot(chartOptions(options.current, frame.current, width, setPointed), data, frame.current);
    chart.current = made;
    return () => {
      chart.current = undefined;
      made.destroy();
    };
  }, [shape, width]);
  useEffect(() => chart.current?.setData(data), [data]);

  return (
    <figure className={styles.figure}>
      <div ref={frame} className={styles.frame} aria-hidden="true" style={{ minHeight: height }}>
        {pointed && times[pointed.index] !== undefined && (
          <div className={cx(styles.tooltip, pointed.left > width / 2 && styles.toLeft)} style={{ left: pointed.left }}>
            <strong>{formatTime(times[pointed.index]!)}</strong>
            {series.map((each, index) => (
              <Row key={index} series={each} value={each.values[pointed.index]} format={format} />
            ))}
          </div>
        )}
      </div>
      {!legendHidden && series.length > 1 && (
        <ul className={styles.legend} aria-hidden="true">
          {series.map((each, index) => (
            <li key={index}>
              <Swatch series={each} />
              {each.label}
            </li>
          ))}
        </ul>
      )}
      <Table {...properties} label={label} />
    </figure>
  );
}

function Row({ series, value, format }: { series: ChartSeries; value: number | null | undefined; format: (value: number) => string }) {
  if (value === null || value === undefined) return null;
  return (
    <span className={styles.row}>
      <Swatch series={series} />
      <span className={styles.rowLabel}>{series.label}</span>
      <span>{format(value)}</span>
    </span>
  );
}

function Swatch({ series: { colour = 1, dashed } }: { series: ChartSeries }) {
  return <span className={cx(styles.swatch, dashed && styles.dashed)} style={{ color: `var(--series-${colour})` }} />;
}

function Table({ label, times, series, format, formatTime }: ChartProperties) {
  return (
    <table className="visually-hidden">
      <caption>{label}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {series.map((each, index) => (
            <th key={index} scope="col">
              {each.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((time, row) => (
          <tr key={time}>
            <th scope="row">{formatTime(time)}</th>
            {series.map(({ values }, index) => (
              <td key={index}>{values[row] === null || values[row] === undefined ? "" : format(values[row])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
