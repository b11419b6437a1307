import { useMemo } from "react";
import { SubjectLink } from "../../../app/SubjectLink";
import type { SimulationFieldsFragment } from "../../../gql/graphql";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Time } from "../../../ui/Format";
import { count, dayUTC, instantUTC, money } from "../../../ui/format";
import { TimeChart } from "../../../ui/figures/TimeChart";
import styles from "./WhatIf.module.css";
import { barsOf, isShort, limitRows, summary, type LimitRow } from "./words";

type Key = NonNullable<SimulationFieldsFragment["refused"]>["keys"][number];

/** What a simulation that is done says: how much would have been refused, when, by which limit and of which keys. */
export function Refused({ simulation }: { simulation: SimulationFieldsFragment }) {
  const { refused, from, to } = simulation;
  const hourly = isShort(simulation) && refused?.hours !== undefined;
  const bars = useMemo(() => barsOf((hourly ? refused?.hours : refused?.days) ?? [], from, to, hourly ? "HOUR" : "DAY"), [refused, from, to, hourly]);
  const limits = useMemo(() => limitRows(simulation), [simulation]);
  const ofOneKey = simulation.subjectId.startsWith("key_");
  if (!refused) return null;
  return (
    <>
      <p className={styles.summary}>{summary(simulation)}</p>
      {refused.events > 0 && (
        <TimeChart
          kind="bars"
          label={`Requests that would have been refused, by the ${hourly ? "hour" : "day"}`}
          times={bars.times}
          series={[{ label: "Refused", values: bars.values, colour: 2 }]}
          height={180}
          format={count}
          formatTime={(seconds) => (hourly ? instantUTC : dayUTC)(new Date(seconds * 1000).toISOString())}
        />
      )}
      <DataTable label="What each limit would have refused" columns={limitColumns} rows={limits} rowKey={({ name }) => name} />
      {!ofOneKey && refused.keys.length > 0 && (
        <DataTable label="Keys whose requests would have been refused" columns={keyColumns} rows={refused.keys} rowKey={({ apiKeyId }) => apiKeyId} />
      )}
      {refused.keyCount > refused.keys.length && (
        <p className={styles.hint}>
          The {refused.keys.length} keys with most of {count(refused.keyCount)}.
        </p>
      )}
    </>
  );
}

const limitColumns: Column<LimitRow>[] = [
  {
    id: "limit",
    header: "Limit",
    grow: true,
    cell: ({ name, note, alerts }) => (
      <>
        <span className={styles.name}>{note ? `${name} (${note})` : name}</span>
        {alerts && <span className={styles.hint}>Alerts: {alerts}</span>}
      </>
    ),
  },
  { id: "first", header: "First", wideOnly: true, line: true, cell: ({ firstAt }) => (firstAt ? <Time at={firstAt} /> : "never") },
  {
    id: "refused",
    header: "Refused",
    align: "right",
    cell: ({ events, cost }) => (
      <>
        {count(events)}
        <span className={styles.hint}>{money(cost)}</span>
      </>
    ),
  },
];

const keyColumns: Column<Key>[] = [
  { id: "key", header: "API key", grow: true, cell: ({ apiKey, apiKeyId }) => <SubjectLink subject={apiKey} id={apiKeyId} /> },
  { id: "cost", header: "Cost", align: "right", wideOnly: true, cell: ({ cost }) => money(cost) },
  { id: "refused", header: "Refused", align: "right", cell: ({ events }) => count(events) },
];
