import { ratedText } from "../keys/form/describe";
import type { OverviewKeyFragment } from "../../gql/graphql";
import { Bar, levelOf } from "../../ui/Bar";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None, Time } from "../../ui/Format";
import { compact, money, percent } from "../../ui/format";
import { Card } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { SubjectLink } from "../../app/SubjectLink";
import styles from "./Overview.module.css";

/** How many keys are shown. */
const most = 8;

interface Near {
  key: OverviewKeyFragment;
  limit: string;
  used: number;
  held: number;
  max: number;
}

/** Keys whose fullest limit is full, or nearly: of those that were used last. */
export function NearLimits({
  exhausted,
  recent,
}: {
  exhausted: readonly OverviewKeyFragment[] | undefined;
  recent: readonly OverviewKeyFragment[] | undefined;
}) {
  if (exhausted === undefined || recent === undefined) return null;
  const rows = [...new Map([...exhausted, ...recent].map((key) => [key.id, key])).values()]
    .map(fullest)
    .filter((near): near is Near => near !== undefined && levelOf(near.used + near.held, near.max) !== "calm")
    .sort((a, b) => share(b) - share(a))
    .slice(0, most);
  return (
    <Card title="Keys near a limit" flush>
      <DataTable
        label="Keys near a limit"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key.id}
        empty={
          <Empty title="No key is near a limit">Of the keys that were used last, none has used 80% of a budget or a rate limit.</Empty>
        }
      />
    </Card>
  );
}

const share = ({ used, held, max }: Near) => (max > 0 ? (used + held) / max : 1);

const columns: readonly Column<Near>[] = [
  { id: "key", header: "Key", cell: ({ key }) => <SubjectLink subject={key} id={key.id} />, grow: true },
  { id: "limit", header: "Limit", cell: ({ limit }) => limit, line: true, wideOnly: true },
  {
    id: "use",
    header: "Use",
    cell: (near) => (
      <span className={styles.use}>
        <Bar thin label={`${percent(share(near))} of ${near.limit}`} used={near.used} held={near.held} max={near.max} />
      </span>
    ),
  },
  {
    id: "share",
    header: "Share",
    align: "right",
    cell: (near) => (share(near) >= 1 ? <Status tone="danger">Full</Status> : <Status tone="warning">{percent(share(near))}</Status>),
  },
  {
    id: "last",
    header: "Last used",
    align: "right",
    wideOnly: true,
    cell: ({ key }) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : <None label="never" />),
  },
];

/** The limit of a key of which the largest share is used or held; undefined when it has none. */
function fullest(key: OverviewKeyFragment): Near | undefined {
  const all: Near[] = [
    ...key.budgetLimits.map(({ type, amount: max, used, reserved }) => ({
      key,
      limit: type === "COST" ? money(max) : `${compact(Number(max))} ${type.toLowerCase()}`,
      used: Number(used),
      held: Number(reserved),
      max: Number(max),
    })),
    ...key.rateLimits.map(({ type, limit, interval, used, reserved }) => ({
      key,
      limit: `${compact(limit)} ${ratedText(type, interval)}`,
      used,
      held: reserved,
      max: limit,
    })),
  ];
  return all.sort((a, b) => share(b) - share(a))[0];
}
