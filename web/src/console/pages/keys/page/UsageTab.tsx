import { useMemo } from "react";
import { useQuery } from "urql";
import type { KeyUsageQuery } from "../../../gql/graphql";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Field } from "../../../ui/Field";
import { Money } from "../../../ui/Format";
import { count, dayUTC, instantUTC, money, percent } from "../../../ui/format";
import { Select } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { Refreshing } from "../../../ui/Refreshing";
import { Stat, Stats } from "../../../ui/figures/Stat";
import { TimeChart, type SeriesColour } from "../../../ui/figures/TimeChart";
import { UsageQuery } from "../documents";
import { ranges, type Range } from "./search";
import styles from "./UsageTab.module.css";
import { rangeText, usageRange } from "./usageRange";

type Series = NonNullable<KeyUsageQuery["usage"]>["series"][number];

/** What a key used, by model. */
export function UsageTab({ keyId, range, onRange }: { keyId: string; range: Range; onRange: (range: Range) => void }) {
  const { from, to, interval } = useMemo(() => usageRange(range, new Date()), [range]);
  const [{ data, error, stale, fetching }] = useQuery({ query: UsageQuery, variables: { filter: { subjectId: keyId, from, to }, interval } });
  const usage = data?.usage;
  // Denied requests name no model; what is counted here is usage.
  const rows = usage?.series
    .map((one, index) => ({ one, colour: colourOf(one, index), share: share(one.total.cost, usage.total.cost) }))
    .filter(({ one }) => one.total.requests > 0 || one.total.tokens > 0 || Number(one.total.cost) !== 0);
  const chart = useMemo(() => {
    const first = usage?.series[0]?.buckets ?? [];
    const series = (usage?.series ?? []).map((one, index) => ({
      label: nameOf(one),
      colour: colourOf(one, index),
      values: one.buckets.map(({ cost }) => Number(cost)),
    }));
    return { times: first.map(({ start }) => Date.parse(start) / 1000), series };
  }, [usage]);
  const writeTime = (seconds: number) => (interval === "HOUR" ? instantUTC : dayUTC)(new Date(seconds * 1000).toISOString());
  return (
    <div className={styles.tab}>
      <div className={styles.range}>
        <Field label="Time">
          <Select value={range} options={ranges.map((value) => ({ value, label: `Last ${rangeText[value]}` }))} onChange={onRange} />
        </Field>
      </div>
      <ErrorNote title="The usage could not be read." error={error} />
      {usage && (
        <Stats>
          <Stat label="Cost" value={<Money dollars={usage.total.cost} />} />
          <Stat label="Requests" value={count(usage.total.requests)} />
          <Stat label="Tokens" value={count(usage.total.tokens)} />
        </Stats>
      )}
      <Card title="Cost over time">
        {usage && usage.total.requests !== 0 ? (
          <Refreshing busy={stale || fetching}>
            <TimeChart
              {...chart}
              kind="bars"
              legendHidden
              label={`Cost over the last ${rangeText[range]}, by model`}
              format={(value) => money(value.toFixed(value < 0.1 ? 4 : 2))}
              formatTime={writeTime}
            />
          </Refreshing>
        ) : (
          <Empty title="Nothing used">In this time the key recorded no usage.</Empty>
        )}
      </Card>
      {rows?.length !== 0 && (
        <Card title="By model" flush>
          <DataTable label="Usage by model" columns={columns} rows={rows} rowKey={({ one }) => nameOf(one)} stale={stale || fetching} />
        </Card>
      )}
    </div>
  );
}

/** The series' colour in the chart; further ones repeat colours, and the table names them. */
const colourOf = (one: Series, index: number): SeriesColour => (one.others ? "others" : (((index % 8) + 1) as SeriesColour));
const nameOf = (one: Series) => (one.others ? "All others" : (one.dimensions[0]?.value ?? "No model named"));
const share = (part: string, whole: string) => (Number(whole) === 0 ? 0 : Number(part) / Number(whole));

interface Row {
  one: Series;
  colour: SeriesColour;
  share: number;
}

const columns: readonly Column<Row>[] = [
  {
    id: "model",
    header: "Model",
    grow: true,
    cell: ({ one, colour }) => (
      <span className={styles.model}>
        <svg className={styles.mark} width="10" height="10" aria-hidden="true">
          <rect width="10" height="10" rx="2" className={styles[`series-${colour}`]} />
        </svg>
        {nameOf(one)}
      </span>
    ),
  },
  {
    id: "requests",
    header: "Requests",
    align: "right",
    wideOnly: true,
    sortValue: ({ one }) => one.total.requests,
    cell: ({ one }) => count(one.total.requests),
  },
  { id: "tokens", header: "Tokens", align: "right", sortValue: ({ one }) => one.total.tokens, cell: ({ one }) => count(one.total.tokens) },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    sortValue: ({ one }) => Number(one.total.cost),
    cell: ({ one }) => <Money dollars={one.total.cost} />,
  },
  { id: "share", header: "Share", align: "right", wideOnly: true, cell: (row) => percent(row.share) },
];
