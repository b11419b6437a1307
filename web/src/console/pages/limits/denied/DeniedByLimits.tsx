import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Field } from "../../../ui/Field";
import { TimeChart } from "../../../ui/figures/TimeChart";
import { count, instantUTC } from "../../../ui/format";
import { Select } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { LimitDenialsQuery } from "./documents";
import { byHour, hoursAgo, sumOf } from "./hours";
import styles from "./DeniedByLimits.module.css";

const ranges = [
  { value: "24", label: "Last 24 hours" },
  { value: "168", label: "Last 7 days" },
  { value: "720", label: "Last 30 days" },
] as const;

/** The most limits that are asked about at once. */
const most = 100;

interface Row {
  id: string;
  name: string;
  denied: number;
  shadow: number;
}

/** What limits have denied, and would have denied in shadow, by hour and limit. `limits` are their names by their ids. */
export function DeniedByLimits({ limits }: { limits: ReadonlyMap<string, string> }) {
  const [hours, setHours] = useState<(typeof ranges)[number]["value"]>("168");
  // the beginning stays while the page is open: else each reading would be another question
  const from = useMemo(() => hoursAgo(Number(hours)), [hours]);
  const limitIds = [...limits.keys()].slice(0, most);
  const [{ data, error }, read] = useQuery({ query: LimitDenialsQuery, variables: { limitIds, from }, pause: limitIds.length === 0 });
  const denials = data?.limitDenials ?? undefined;
  const bars = useMemo(() => byHour(denials ?? [], from), [denials, from]);
  const rows = denials && rowsOf(limits, denials);
  const range = <RangeField hours={hours} onChange={setHours} />;
  if (limitIds.length === 0) return null;
  return (
    <Card title="Denied by these limits" actions={range}>
      <div className={styles.body}>
        <ErrorNote title="What was denied could not be read." error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
        {rows?.length === 0 && (
          <Empty title="Nothing was denied">Neither by limits that refuse requests, nor would it have been by those in shadow.</Empty>
        )}
        {rows !== undefined && rows.length > 0 && (
          <>
            <TimeChart
              kind="bars"
              label="Requests that were denied, and that shadow would have denied, by the hour"
              times={bars.times}
              series={[
                { label: "Denied", values: bars.denied, colour: 2 },
                { label: "In shadow: would have been denied", values: bars.shadow, colour: "others" },
              ]}
              height={140}
              format={count}
              formatTime={(seconds) => instantUTC(new Date(seconds * 1000).toISOString())}
            />
            <DataTable label="What each limit denied" columns={columns} rows={rows} rowKey={({ id }) => id} />
          </>
        )}
      </div>
    </Card>
  );
}

function RangeField({ hours, onChange }: { hours: (typeof ranges)[number]["value"]; onChange: (hours: (typeof ranges)[number]["value"]) => void }) {
  return (
    <Field label="Time" labelHidden>
      <Select value={hours} options={ranges} onChange={onChange} />
    </Field>
  );
}

/** The limits that denied something, or would have, the most first. */
function rowsOf(limits: ReadonlyMap<string, string>, denials: Parameters<typeof sumOf>[0]): Row[] {
  return [...limits]
    .map(([id, name]) => {
      const of = (limitId: string) => limitId === id;
      return { id, name, denied: sumOf(denials, false, of), shadow: sumOf(denials, true, of) };
    })
    .filter(({ denied, shadow }) => denied + shadow > 0)
    .sort((a, b) => b.denied + b.shadow - a.denied - a.shadow);
}

const columns: Column<Row>[] = [
  { id: "limit", header: "Limit", grow: true, cell: ({ name }) => name },
  { id: "denied", header: "Denied", align: "right", cell: ({ denied }) => count(denied) },
  { id: "shadow", header: "In shadow", align: "right", cell: ({ shadow }) => count(shadow) },
];
