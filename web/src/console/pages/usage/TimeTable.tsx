import { useMemo } from "react";
import { bucketText } from "../../time/format";
import type { Interval } from "../../time/interval";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None } from "../../ui/Format";
import { Card } from "../../ui/Page";
import { valueText } from "./names";
import { nameOf, valueOf, type Previous, type Series } from "./report";
import type { Measure } from "./state";

interface Properties {
  series: readonly Series[] | undefined;
  /** Undefined: it is not compared. */
  previous: Previous | undefined;
  interval: Interval;
  /** Whose clocks name the buckets. */
  timeZone: string;
  measure: Measure;
  stale: boolean;
}

interface Row {
  start: string;
  /** Of the bucket in the same place of the previous period. */
  earlier: number | undefined;
  values: number[];
}

/** What the chart shows, as numbers: a row for each bucket, the newest first, a column for each series. */
export function TimeTable({ series, previous, interval, timeZone, measure, stale }: Properties) {
  const rows = useMemo(() => series && rowsOf(series, previous, measure), [series, previous, measure]);
  const columns = useMemo(
    () => columnsOf(series ?? [], previous !== undefined, interval, timeZone, measure),
    [series, previous, interval, timeZone, measure],
  );
  return (
    <Card flush>
      <DataTable
        label="Over time"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.start}
        stale={stale}
        empty={<Empty title="No usage in this range" />}
      />
    </Card>
  );
}

const rowsOf = (series: readonly Series[], previous: Previous | undefined, measure: Measure): Row[] =>
  (series[0]?.buckets ?? [])
    .map(({ start }, bucket) => ({
      start,
      earlier: previous?.buckets[bucket] && valueOf(previous.buckets[bucket], measure),
      values: series.map(({ buckets }) => (buckets[bucket] ? valueOf(buckets[bucket], measure) : 0)),
    }))
    .reverse();

function columnsOf(series: readonly Series[], isCompared: boolean, interval: Interval, timeZone: string, measure: Measure): Column<Row>[] {
  const sum = (row: Row) => row.values.reduce((total, value) => total + value, 0);
  return [
    { id: "start", header: "Begins", line: true, cell: (row) => bucketText(new Date(row.start), interval, timeZone), grow: series.length < 2 },
    ...(series.length > 1
      ? [
          {
            id: "sum",
            header: "Together",
            align: "right",
            cell: (row) => <strong>{valueText(measure, sum(row))}</strong>,
          } satisfies Column<Row>,
        ]
      : []),
    ...(isCompared
      ? [
          {
            id: "previous",
            header: "Previous period",
            align: "right",
            cell: ({ earlier }) => (earlier === undefined ? <None /> : valueText(measure, earlier)),
          } satisfies Column<Row>,
        ]
      : []),
    ...series.map<Column<Row>>((each, index) => ({
      id: `series ${index}`,
      header: nameOf(each),
      align: "right",
      cell: (row) => valueText(measure, row.values[index] ?? 0),
    })),
  ];
}
