import { useMemo } from "react";
import { instantText } from "../../time/format";
import { Refreshing } from "../../ui/Refreshing";
import { intervalNames, axisValueTexts, titleOf, valueText } from "./names";
import type { Interval } from "../../time/interval";
import { nameOf, valueOf, type Previous, type Series } from "./report";
import { seriesColour } from "./seriesColour";
import { StackedBars } from "./StackedBars";
import type { Dimension, Measure } from "./state";
import styles from "./UsageChart.module.css";

interface Properties {
  /** Undefined while they are read for the first time. */
  series: readonly Series[] | undefined;
  /** Undefined: it is not compared. */
  previous?: Previous | undefined;
  interval: Interval;
  /** Whose clocks name the buckets. Default: UTC. */
  timeZone?: string;
  measure: Measure;
  groupBy: Dimension | null;
  busy: boolean;
}

/** The report as bars. */
export function UsageChart({ series, previous, interval, timeZone = "UTC", measure, groupBy, busy }: Properties) {
  const bars = useMemo(() => {
    if (series === undefined) return undefined;
    return {
      buckets: (series[0]?.buckets ?? []).map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })),
      layers: series
        .map((each, index) => ({
          name: nameOf(each),
          className: seriesColour(index, each.others),
          values: each.buckets.map((bucket) => valueOf(bucket, measure)),
        }))
        .filter(({ values }) => values.some((value) => value > 0)),
      line: previous && { name: "Previous period", values: previous.buckets.map((bucket) => valueOf(bucket, measure)) },
      format: (value: number) => valueText(measure, value),
      formatAxis: (values: readonly number[]) => axisValueTexts(measure, values),
    };
  }, [series, previous, measure]);
  return (
    <Refreshing busy={bars !== undefined && busy}>
      <div className={styles.chart} aria-busy={busy || undefined}>
        {previous && (
          <p className={styles.compared}>
            Compared with {instantText(previous.range.from, timeZone)} to {instantText(previous.range.to, timeZone)} {timeZone}
          </p>
        )}
        {bars && (
          <StackedBars
            {...bars}
            interval={interval}
            timeZone={timeZone}
            label={`${titleOf(measure, groupBy)}, ${intervalNames[interval].toLowerCase()}, as bars; the table Over time has the same values`}
          />
        )}
      </div>
    </Refreshing>
  );
}
