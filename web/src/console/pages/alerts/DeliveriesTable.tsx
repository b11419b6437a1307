import type { DeliveryFieldsFragment } from "../../gql/graphql";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None, Time } from "../../ui/Format";
import { Status } from "../../ui/Status";
import styles from "./AlertsPage.module.css";
import { deliveryNames, deliveryTones } from "./words";

const columns: Column<DeliveryFieldsFragment>[] = [
  {
    id: "address",
    header: "Address",
    grow: true,
    cell: ({ email, lastError }) => (
      <>
        <span className={styles.address}>{email}</span>
        {lastError && <span className={styles.error}>{lastError}</span>}
      </>
    ),
  },
  { id: "status", header: "Status", cell: ({ status }) => <Status tone={deliveryTones[status]}>{deliveryNames[status]}</Status> },
  { id: "attempts", header: "Attempts", align: "right", wideOnly: true, cell: ({ attempts }) => attempts },
  { id: "queued", header: "Queued", wideOnly: true, cell: ({ queuedAt }) => <Time at={queuedAt} /> },
  { id: "sent", header: "Sent", wideOnly: true, cell: ({ sentAt }) => (sentAt ? <Time at={sentAt} /> : <None label="not sent" />) },
  { id: "next", header: "Next attempt", wideOnly: true, cell: ({ nextAttemptAt }) => (nextAttemptAt ? <Time at={nextAttemptAt} /> : <None />) },
];

interface Properties {
  label: string;
  deliveries: readonly DeliveryFieldsFragment[];
  none: string;
}

/** What became of the mails of an alert, address by address. */
export function DeliveriesTable({ label, deliveries, none }: Properties) {
  return <DataTable label={label} columns={columns} rows={deliveries} rowKey={({ email }) => email} empty={<Empty title="No mail">{none}</Empty>} />;
}
