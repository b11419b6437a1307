import { Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import type { DeliveryStatus, KeyAlertsQuery } from "../../../gql/graphql";
import { DataTable, NarrowOnly, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Time } from "../../../ui/Format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { pageArguments, Pager, type PageCursor } from "../../../ui/Pager";
import { Status } from "../../../ui/Status";
import { kindNames, kindTones, sentenceOf } from "../../alerts/words";
import { AlertsQuery } from "../documents";
import styles from "./Lists.module.css";

type Alert = NonNullable<KeyAlertsQuery["alerts"]>["nodes"][number];

interface Properties {
  keyId: string;
  cursor: PageCursor;
  onPage: (cursor: PageCursor) => void;
}

/** The alerts of the key's budgets, and what became of their mail. */
export function AlertsTab({ keyId, cursor, onPage }: Properties) {
  const [{ data, error, stale, fetching }] = useQuery({
    query: AlertsQuery,
    variables: { filter: { subjectId: keyId }, ...pageArguments(cursor, 25) },
  });
  const list = data?.alerts ?? undefined;
  return (
    <>
      <ErrorNote title="The alerts could not be read." error={error} />
      <Card flush>
        <DataTable
          label="Alerts"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={<Empty title="No alerts">One is raised when a budget reaches a threshold, is used up, refuses a request, or is to be raised.</Empty>}
        />
        <Pager pageInfo={list?.pageInfo} total={list?.totalCount} noun="alert" onPage={onPage} />
      </Card>
    </>
  );
}

const deliveryText: Record<DeliveryStatus, string> = {
  QUEUED: "queued",
  SENT: "sent",
  DELIVERED: "delivered",
  BOUNCED: "bounced",
  COMPLAINED: "reported as unwanted",
  FAILED: "failed",
};

const columns: readonly Column<Alert>[] = [
  { id: "raised", header: "Raised", cell: ({ raisedAt }) => <Time at={raisedAt} /> },
  { id: "kind", header: "Kind", wideOnly: true, cell: ({ kind }) => <Status tone={kindTones[kind]}>{kindNames[kind]}</Status> },
  {
    id: "what",
    header: "What happened",
    grow: true,
    cell: (alert) => (
      <>
        <Link to="/alerts/$alertId" params={{ alertId: alert.id }}>
          {sentenceOf(alert)}
        </Link>
        <NarrowOnly>
          <Status tone={kindTones[alert.kind]}>{kindNames[alert.kind]}</Status>
        </NarrowOnly>
      </>
    ),
  },
  {
    id: "mail",
    header: "Mail",
    wideOnly: true,
    cell: ({ deliveries }) =>
      deliveries.length === 0 ? (
        <span className={styles.muted}>none</span>
      ) : (
        <ul>
          {deliveries.map(({ email, status, lastError }) => (
            <li key={email} className={styles.mail} title={lastError ?? undefined}>
              {email} <span className={styles.muted}>{deliveryText[status]}</span>
            </li>
          ))}
        </ul>
      ),
  },
];
