import uPlot from "uplot";
import type { ChartProperties, ChartSeries } from "./TimeChart";

type Point = (pointed: { index: number; left: number } | undefined) => void;

/** What uPlot is told, with the colours that the page has now. */
export function chartOptions(properties: ChartProperties, frame: HTMLElement, width: number, point: Point): uPlot.Options {
  const { kind, series, format, timeZone = "UTC", marks = [], height = 220 } = properties;
  const colour = colours(frame);
  const axis = { stroke: colour("--muted"), font: `12px ${getComputedStyle(frame).fontFamily}`, ticks: { show: false } };
  const highest = Math.max(0, ...marks.map(({ value }) => value));
  return {
    width,
    height,
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone === "UTC" ? "Etc/UTC" : timeZone),
    padding: [8, 20, 0, 0],
    scales: {
      x: { time: true, range: (_, from, to) => (kind === "bars" ? widened(properties.times, from, to) : [from, to]) },
      y: { range: (_, __, to) => [0, Math.max(to ?? 0, highest, Number.MIN_VALUE) * 1.05] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 56, values: (_, times, __, ___, step) => times.map((time) => axisTime(time, step, timeZone)) },
      { ...axis, grid: { stroke: colour("--line"), width: 1 }, size: 60, space: 36, values: (_, values) => axisTexts(values.map(format)) },
    ],
    cursor: {
      y: false,
      points: { show: kind === "lines" },
      drag: { setScale: false, x: false, y: false },
    },
    series: [
      {},
      ...series.map((each) => {
        const stroke = colour(`--series-${each.colour ?? 1}`);
        return kind === "bars"
          ? { fill: stroke, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.72, 44], radius: 0.08 }) }
          : { stroke, width: 2, points: { show: false }, spanGaps: false, ...(each.dashed ? { dash: [6, 5] } : {}) };
      }),
    ],
    hooks: {
      setCursor: [({ cursor }) => point(cursor.idx === null || cursor.idx === undefined || (cursor.left ?? -1) < 0 ? undefined : { index: cursor.idx, left: 60 + cursor.left! })],
      draw: [(plot) => drawMarks(plot, properties, colour)],
    },
  };
}

/** Sums for bars that stand on each other, the highest first, so that the later ones are drawn over it. */
export function stack(series: readonly ChartSeries[]): (number | null)[][] {
  const sums: (number | null)[][] = [];
  for (let index = series.length - 1; index >= 0; index--) {
    const above = sums[0];
    sums.unshift(series[index]!.values.map((value, at) => (value ?? 0) + (above?.[at] ?? 0)));
  }
  return sums;
}

/** Half a bucket more on each side, so that the outer bars are whole. */
function widened(times: readonly number[], from: number, to: number): [number, number] {
  const step = times.length > 1 ? times[1]! - times[0]! : 86_400;
  return [from - step / 2, to + step / 2];
}

const formats = new Map<string, { day: Intl.DateTimeFormat; hour: Intl.DateTimeFormat }>();

function axisTime(seconds: number, step: number, timeZone: string): string {
  const { day, hour } = formats.get(timeZone) ?? {
    day: new Intl.DateTimeFormat("en-GB", { month: "short", day: "numeric", timeZone }),
    hour: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }),
  };
  formats.set(timeZone, { day, hour });
  const clock = hour.format(seconds * 1000);
  return step >= 86_400 || clock === "00:00" ? day.format(seconds * 1000) : clock;
}

/** Labels of an axis: without cents where none of them has any. */
export function axisTexts(texts: readonly string[]): string[] {
  return texts.some((text) => /\.\d*[1-9]/.test(text)) ? [...texts] : texts.map((text) => text.replace(/\.0+$/, ""));
}

/** Reads colours as the page has them: a canvas knows nothing of custom properties. */
function colours(frame: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    frame.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

function drawMarks(plot: uPlot, { marks = [] }: ChartProperties, colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px ${getComputedStyle(plot.root).fontFamily}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  for (const { value, label, strong } of marks) {
    const y = Math.round(plot.valToPos(value, "y", true));
    ctx.strokeStyle = ctx.fillStyle = colour(strong ? "--danger-strong" : "--warning-mark");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(strong ? [] : [4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = colour("--muted");
    ctx.fillText(label, bbox.left + 4 * devicePixelRatio, y - 4 * devicePixelRatio);
  }
  ctx.restore();
}
