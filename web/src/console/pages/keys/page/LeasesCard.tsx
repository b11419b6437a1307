import { useEffect } from "react";
import { useQuery } from "urql";
import type { EditedKeyFragment, KeyLeasesQuery } from "../../../gql/graphql";
import { DataTable, NarrowOnly, type Column } from "../../../ui/DataTable";
import { None, Time } from "../../../ui/Format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { LeasesQuery } from "../documents";
import { amountsOf, leftOf, sharesOf, timeLeft, type LimitOfKey } from "../leases";
import styles from "./Leases.module.css";

type Lease = NonNullable<KeyLeasesQuery["reservations"]>["nodes"][number];

/** How often the leases are read again while there are any: they last for seconds. */
const again = 5_000;

/** What gateways hand out by themselves for the key; nothing while there is no lease. */
export function LeasesCard({ apiKey }: { apiKey: EditedKeyFragment }) {
  const [{ data, error, stale, fetching }, reload] = useQuery({ query: LeasesQuery, variables: { filter: { apiKeyId: apiKey.id, leases: true } } });
  const leases = data?.reservations?.nodes ?? [];
  const any = leases.length > 0;
  useEffect(() => {
    if (!any) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload({ requestPolicy: "network-only" });
    }, again);
    return () => clearInterval(timer);
  }, [any, reload]);
  if (error) return <ErrorNote title="The leases could not be read." error={error} />;
  if (!any) return null;
  const limits: LimitOfKey[] = [
    ...apiKey.budgetLimits.map((limit) => ({ type: limit.type, max: limit.amount, what: "budget" })),
    ...apiKey.rateLimits.map((limit) => ({ type: limit.type, max: String(limit.limit), what: "rate" })),
  ];
  return (
    <section className={styles.leases} aria-labelledby="leases">
      <h2 id="leases">Leases</h2>
      <p className={styles.note}>
        These gateways decide the key's calls by themselves, out of what they hold here. If the key is disabled, each goes on until its lease expires.
      </p>
      <Card flush>
        <DataTable
          label="Leases of gateways"
          columns={columns(limits)}
          rows={leases}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={null}
        />
      </Card>
    </section>
  );
}

const columns = (limits: readonly LimitOfKey[]): readonly Column<Lease>[] => [
  {
    id: "gateway",
    header: "Gateway",
    grow: true,
    cell: ({ metadata, admittedAt, expiresAt }) => (
      <>
        {metadata?.gateway ? <code className={styles.name}>{metadata.gateway}</code> : <None label="without a name" />}
        <span className={styles.second}>
          since <Time at={admittedAt} />
        </span>
        <NarrowOnly>
          <span className={styles.second}>ends {timeLeft(expiresAt)}</span>
        </NarrowOnly>
      </>
    ),
  },
  {
    id: "left",
    header: "Left of what was granted",
    cell: (lease) => <Lines lines={amountsOf(lease).map(({ type, left, granted }) => leftOf(type, left, granted))} />,
  },
  {
    id: "share",
    header: "Share of the key's limits",
    wideOnly: true,
    cell: (lease) => {
      const shares = sharesOf(lease, limits);
      return shares.length === 0 ? <None label="it has none of its own" /> : <Lines lines={shares} />;
    },
  },
  { id: "ends", header: "Ends", align: "right", wideOnly: true, cell: ({ expiresAt }) => timeLeft(expiresAt) },
];

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
