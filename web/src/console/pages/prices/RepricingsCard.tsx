import { useMemo } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { RepricingFieldsFragment } from "../../gql/graphql";
import { dayText } from "../../time/format";
import { DataTable, type Column } from "../../ui/DataTable";
import { Time } from "../../ui/Format";
import { count, money } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { actorName } from "../audit/names";
import styles from "./Prices.module.css";
import { Repricings } from "./repricing";
import { repricingStates } from "./words";

/** How many of them are shown, the newest. */
const shown = 20;

/** Which usage was priced again: who asked for it, when, and what has become of it. Nothing where it never was. */
export function RepricingsCard() {
  const { organization } = useViewer();
  const variables = { filter: { organizationId: organization.id }, first: shown };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: Repricings, variables, requestPolicy: "cache-and-network" });
  const columns = useMemo(columnsOf, []);
  const repricings = data?.repricings;
  if (!error && !repricings?.nodes.length) return null;
  return (
    <>
      <ErrorNote title="What was priced again could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      {repricings && (
        <Card flush title="Priced again">
          <DataTable
            label="Usage that was priced again"
            columns={columns}
            rows={repricings.nodes}
            rowKey={({ id }) => id}
            stale={stale || fetching}
          />
          {repricings.totalCount > shown && (
            <p className={`${styles.second} ${styles.sums}`}>
              The latest {shown} of {count(repricings.totalCount)}.
            </p>
          )}
        </Card>
      )}
    </>
  );
}

const columnsOf = (): Column<RepricingFieldsFragment>[] => [
  {
    id: "model",
    header: "Usage of",
    grow: true,
    cell: ({ model, from, to }) => (
      <>
        <span className={styles.name}>{model ?? "All models"}</span>
        <span className={styles.second}>
          {dayText(new Date(from))} to {dayText(new Date(Date.parse(to) - 1))}
        </span>
      </>
    ),
  },
  {
    id: "asked",
    header: "Asked for",
    cell: (repricing) => (
      <>
        <Time at={repricing.requestedAt} />
        <span className={styles.second}>by {actorName(repricing)}</span>
      </>
    ),
  },
  {
    id: "corrections",
    header: "Corrected",
    align: "right",
    wideOnly: true,
    cell: ({ corrections, events }) => (
      <>
        {count(corrections)}
        <span className={styles.second}>of {count(events)}</span>
      </>
    ),
  },
  {
    id: "difference",
    header: "Difference",
    align: "right",
    cell: ({ difference, state, percent }) => (
      <>
        {money(difference, true)}
        {state !== "FINISHED" && <Status tone="neutral">{state === "RUNNING" ? `${percent}%` : repricingStates[state]}</Status>}
      </>
    ),
  },
];
