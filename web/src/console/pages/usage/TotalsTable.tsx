import { useMemo } from "react";
import { SubjectLink } from "../../app/SubjectLink";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Count, Money, None } from "../../ui/Format";
import { percent } from "../../ui/format";
import { Card } from "../../ui/Page";
import { changeText } from "./comparison";
import { dimensionNames, measureNames, valueText } from "./names";
import { nameOf, shareOf, valueOf, type Previous, type Series, type Totals } from "./report";
import { seriesColour } from "./seriesColour";
import type { Dimension, ExplorerState, Measure, ServiceTier } from "./state";
import styles from "./TotalsTable.module.css";

interface Properties {
  series: readonly Series[] | undefined;
  total: Totals | undefined;
  /** Undefined: not compared. */
  previous: Previous | undefined;
  state: ExplorerState;
  onChange: (next: Partial<ExplorerState>) => void;
  stale: boolean;
}

interface Row extends Totals {
  key: string;
  name: string;
  className: string;
  /** Of the chosen measure, 0 to 1. */
  share: number;
  /** Of the chosen measure, in the previous period. */
  earlier: number | undefined;
  series: Series | undefined;
}

/** A row for each series, and one for all of them. */
export function TotalsTable({ series, total, previous, state, onChange, stale }: Properties) {
  const { groupBy, measure } = state;
  const rows = useMemo(() => series && total && rowsOf(series, total, previous, measure), [series, total, previous, measure]);
  const columns = useMemo(() => {
    const shown = columnsOf(groupBy, (value) => onChange(narrowed(state, value)));
    return previous ? [...shown.slice(0, 2), ...comparisonColumns(measure), ...shown.slice(2)] : shown;
  }, [JSON.stringify(state), previous === undefined]);
  return (
    <Card flush>
      <DataTable
        label="Totals"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        stale={stale}
        empty={<Empty title="No usage in this range" />}
      />
    </Card>
  );
}

function rowsOf(series: readonly Series[], total: Totals, previous: Previous | undefined, measure: Measure): Row[] {
  const whole = valueOf(total, measure);
  const rows = series.map((each, index) => ({
    ...each.total,
    key: each.others ? "others" : `series ${each.dimensions.map(({ value }) => value ?? "").join(" ")}`,
    name: nameOf(each),
    className: seriesColour(index, each.others),
    share: shareOf(valueOf(each.total, measure), whole),
    earlier: each.compared ? valueOf(each.compared, measure) : undefined,
    series: each,
  }));
  if (rows.length < 2) return rows;
  const earlier = previous && valueOf(previous.total, measure);
  return [...rows, { ...total, key: "total", name: "Together", className: "", share: 1, earlier, series: undefined }];
}

/** The same report, of one series of it alone. */
function narrowed(state: ExplorerState, value: string): Partial<ExplorerState> {
  if (state.groupBy === "SERVICE_TIER") return { tiers: [value as ServiceTier] };
  return state.groupBy === "MODEL" ? { models: [value] } : { providers: [value] };
}

function columnsOf(groupBy: Dimension | null, onNarrow: (value: string) => void): Column<Row>[] {
  return [
    { id: "name", header: groupBy === null ? "Usage" : dimensionNames[groupBy], grow: true, cell: (row) => <Name row={row} onNarrow={onNarrow} /> },
    { id: "share", header: "Share", align: "right", cell: (row) => <Share share={row.share} /> },
    { id: "cost", header: "Spend", align: "right", cell: (row) => <Money dollars={row.cost} /> },
    { id: "requests", header: "Requests", align: "right", cell: (row) => <Count value={row.requests} /> },
    { id: "input", header: "Input tokens", align: "right", cell: (row) => <Count value={row.inputTokens} /> },
    { id: "cached", header: "Cached", align: "right", wideOnly: true, cell: (row) => <Count value={row.cachedInputTokens} /> },
    { id: "output", header: "Output tokens", align: "right", cell: (row) => <Count value={row.outputTokens} /> },
    { id: "reasoning", header: "Reasoning", align: "right", wideOnly: true, cell: (row) => <Count value={row.reasoningTokens} /> },
    { id: "denied", header: "Denied", align: "right", cell: (row) => <Count value={row.denied} /> },
  ];
}

/** What the chosen measure was in the previous period, and how it has changed since. */
const comparisonColumns = (measure: Measure): Column<Row>[] => [
  {
    id: "previous",
    header: `${measureNames[measure]} before`,
    align: "right",
    cell: ({ earlier }) => (earlier ? valueText(measure, earlier) : <None />),
  },
  {
    id: "change",
    header: "Change",
    align: "right",
    cell: (row) => changeText(valueOf(row, measure), row.earlier ?? 0) || <None label="no change" />,
  },
];

/** What the series is, with its colour in the chart, and where it leads. */
function Name({ row, onNarrow }: { row: Row; onNarrow: (value: string) => void }) {
  if (row.series === undefined) return <strong>{row.name}</strong>;
  const [first] = row.series.dimensions;
  const { value, dimension, node } = first ?? {};
  return (
    <span className={styles.name}>
      <span className={`${styles.swatch} ${row.className}`} />
      {node && <SubjectLink subject={{ id: value ?? "", name: row.name }} id={value ?? ""} />}
      {(dimension === "MODEL" || dimension === "PROVIDER" || dimension === "SERVICE_TIER") && typeof value === "string" && !row.series.others ? (
        <button type="button" className={styles.narrow} title={`Show ${row.name} alone`} onClick={() => onNarrow(value)}>
          {row.name}
        </button>
      ) : (
        !node && row.name
      )}
    </span>
  );
}

/** A share as a bar with its number. */
function Share({ share }: { share: number }) {
  return (
    <span className={styles.share}>
      <svg className={styles.bar} aria-hidden="true" preserveAspectRatio="none">
        <rect width={`${100 * share}%`} height="100%" />
      </svg>
      <span className={styles.percent}>{percent(share)}</span>
    </span>
  );
}
