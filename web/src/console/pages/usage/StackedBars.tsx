import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useIsDark } from "../../app/theme";
import { axisText, bucketText } from "../../time/format";
import type { Interval } from "../../time/interval";
import { stacked } from "./report";
import styles from "./StackedBars.module.css";

/** One layer of the stack: its own values, one for each bucket. */
export interface Layer {
  name: string;
  /** The colour, as a class that sets `color`. */
  className: string;
  values: readonly number[];
}

export interface Bars {
  /** First and last instant of each bucket, in milliseconds. */
  buckets: readonly { start: number; end: number }[];
  interval: Interval;
  /** Whose clocks name the buckets. */
  timeZone: string;
  /** The first one is drawn at the bottom. */
  layers: readonly Layer[];
  /** Drawn dashed over the bars, a value for each bucket; those beyond the buckets are left out. */
  line?: { name: string; values: readonly number[] } | undefined;
  /** What the chart shows, for people who do not see it. */
  label: string;
  format: (value: number) => string;
  /** As `format`, short, for the axis. */
  /** The labels of the axis. */
  formatAxis: (values: readonly number[]) => string[];
}

const height = 280;
const labelWidth = 68;

/** Bars of layers over time. What it shows is in a table beside it, too: a canvas says nothing to a screen reader. */
export function StackedBars(bars: Bars) {
  const host = useRef<HTMLDivElement>(null);
  const swatches = useRef<HTMLUListElement>(null);
  const [cursor, setCursor] = useState<{ index: number; left: number } | null>(null);
  const isDark = useIsDark();

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const plot = new uPlot(optionsOf(bars, element, coloursOf(swatches), setCursor), dataOf(bars), element);
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
      setCursor(null);
    };
  }, [bars.buckets, bars.layers, bars.line, bars.format, bars.interval, bars.timeZone, isDark]);

  return (
    <figure className={styles.figure}>
      <div className={styles.plot} role="img" aria-label={bars.label}>
        <div ref={host} />
        {cursor !== null && <Tooltip bars={bars} index={cursor.index} left={cursor.left} />}
      </div>
      <ul ref={swatches} className={styles.legend} aria-hidden="true">
        {bars.layers.map((layer) => (
          <li key={layer.name}>
            <span className={`${styles.swatch} ${layer.className}`} />
            {layer.name}
          </li>
        ))}
        {bars.line && (
          <li>
            <span className={styles.dashes} />
            {bars.line.name}
          </li>
        )}
      </ul>
    </figure>
  );
}

/** The values of one bucket, the top of the stack first. */
function Tooltip({ bars, index, left }: { bars: Bars; index: number; left: number }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const panel = element.current;
    const room = panel?.parentElement?.clientWidth ?? 0;
    if (panel !== null) panel.style.left = `${left + 16 + panel.offsetWidth > room ? left - 16 - panel.offsetWidth : left + 16}px`;
  });
  const bucket = bars.buckets[index];
  if (bucket === undefined) return null;
  const values = bars.layers.map((layer) => ({ ...layer, value: layer.values[index] ?? 0 })).filter(({ value }) => value > 0);
  const sum = values.reduce((total, { value }) => total + value, 0);
  return (
    <div ref={element} className={styles.tooltip} aria-hidden="true">
      <p className={styles.when}>{bucketText(new Date(bucket.start), bars.interval, bars.timeZone)}</p>
      <dl>
        {values.reverse().map(({ name, className, value }) => (
          <div key={name}>
            <dt>
              <span className={`${styles.swatch} ${className}`} />
              {name}
            </dt>
            <dd>{bars.format(value)}</dd>
          </div>
        ))}
        <div className={styles.sum}>
          <dt>Together</dt>
          <dd>{bars.format(sum)}</dd>
        </div>
        {bars.line && (
          <div>
            <dt>{bars.line.name}</dt>
            <dd>{bars.format(bars.line.values[index] ?? 0)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

interface Colours {
  layers: string[];
  text: string;
  line: string;
  ground: string;
}

/** The colours that style sheets give the legend: a canvas knows no custom properties. */
function coloursOf(legend: RefObject<HTMLUListElement | null>): Colours {
  const element = legend.current;
  if (element === null) return { layers: [], text: "gray", line: "gray", ground: "transparent" };
  const { color, borderTopColor, backgroundColor } = getComputedStyle(element);
  const layers = [...element.querySelectorAll(`.${styles.swatch}`)].map((swatch) => getComputedStyle(swatch).color);
  return { layers, text: color, line: borderTopColor, ground: backgroundColor };
}

const middleOf = ({ start, end }: { start: number; end: number }) => (start + end) / 2000;

/** Each layer is drawn down to zero and covered by those below it, so that the largest sums come first. */
const dataOf = ({ buckets, layers, line }: Bars): uPlot.AlignedData => [
  buckets.map(middleOf),
  ...stacked(layers.map(({ values }) => values)).reverse(),
  ...(line ? [buckets.map((_bucket, index) => line.values[index] ?? null)] : []),
];

function optionsOf(
  bars: Bars,
  element: HTMLElement,
  colours: Colours,
  onCursor: (cursor: { index: number; left: number } | null) => void,
): uPlot.Options {
  const { buckets, layers, line, interval, timeZone, formatAxis } = bars;
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const paths = uPlot.paths.bars?.({ size: [0.8, 56], align: 0 });
  const axis = { stroke: colours.text, font, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [(buckets[0]?.start ?? 0) / 1000, (buckets.at(-1)?.end ?? 1000) / 1000] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        splits: (plot) => splitsOf(buckets, plot.bbox.width / devicePixelRatio),
        values: (_plot, at) => at.map((middle) => startText(buckets, middle, interval, timeZone)),
      },
      { ...axis, grid: { stroke: colours.line, width: 1 }, size: axisSize, values: (_plot, values) => formatAxis(values) },
    ],
    series: [
      {},
      ...layers.map((_layer, index) => ({
        fill: colours.layers[layers.length - 1 - index],
        stroke: colours.ground,
        width: 1,
        paths,
        points: { show: false },
      })),
      ...(line ? [{ stroke: colours.text, width: 2, dash: [6, 4], points: { show: false } }] : []),
    ],
    hooks: {
      setCursor: [
        ({ cursor: { idx, left } }) =>
          onCursor(
            idx == null || left === undefined || left < 0
              ? null
              : { index: idx, left: left + (element.querySelector<HTMLElement>(".u-over")?.offsetLeft ?? 0) },
          ),
      ],
    },
  };
}

/** The middles of as many buckets as have room for their labels. */
function splitsOf(buckets: Bars["buckets"], width: number): number[] {
  const step = Math.max(1, Math.ceil((buckets.length * labelWidth) / Math.max(width, labelWidth)));
  return buckets.filter((_bucket, index) => index % step === Math.floor((step - 1) / 2)).map(middleOf);
}

const startText = (buckets: Bars["buckets"], middle: number, interval: Interval, timeZone: string): string => {
  const bucket = buckets.find((each) => middleOf(each) === middle);
  return bucket === undefined ? "" : axisText(new Date(bucket.start), interval, timeZone);
};

/** As wide as its longest label. */
const axisSize = (_plot: uPlot, values: string[]): number => 14 + 7.2 * Math.max(0, ...(values ?? []).map((value) => value.length));
