import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMutation } from "urql";
import type { WebhookDeliveryFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { None, Time } from "../../ui/Format";
import { Status } from "../../ui/Status";
import { useToast } from "../../ui/Toast";
import { ResendWebhookDelivery } from "./documents";
import styles from "./Webhooks.module.css";
import { eventNames, statusNames, statusTones } from "./words";

interface Properties {
  deliveries: readonly WebhookDeliveryFieldsFragment[];
  stale: boolean;
  /** Whether a delivery can be sent anew. */
  resends: boolean;
}

/** What a webhook was told and is to be told, with the last answer to each. */
export function DeliveriesTable({ deliveries, stale, resends }: Properties) {
  const show = useToast();
  const [shown, setShown] = useState<WebhookDeliveryFieldsFragment>();
  const [{ fetching }, resend] = useMutation(ResendWebhookDelivery);
  const columns = useMemo(() => columnsOf(setShown), []);
  const send = async (id: string) => {
    const { error } = await resend({ input: { id } });
    if (error) return show(`It could not be sent. ${error.graphQLErrors[0]?.message ?? error.message}`, "danger");
    show("It is sent anew.");
    setShown(undefined);
  };
  return (
    <>
      <DataTable
        label="Deliveries"
        columns={columns}
        rows={deliveries}
        rowKey={({ id }) => id}
        stale={stale}
        empty={<Empty title="Nothing yet">It is told of the next alert. Send a test to see whether it listens.</Empty>}
      />
      {shown && (
        <Dialog
          wide
          title={`${eventNames[shown.event]}: ${statusNames[shown.status].toLowerCase()}`}
          description={shown.lastError ? `The last attempt ${shown.lastError}.` : undefined}
          onClose={() => setShown(undefined)}
          actions={
            <>
              {resends && (
                <Button icon="refresh" pending={fetching} onClick={() => void send(shown.id)}>
                  Send anew
                </Button>
              )}
              <Button variant="primary" data-focus onClick={() => setShown(undefined)}>
                Close
              </Button>
            </>
          }
        >
          {shown.body ? (
            <pre className={styles.body} tabIndex={0} aria-label="What is sent">
              {JSON.stringify(JSON.parse(shown.body), undefined, 2)}
            </pre>
          ) : (
            <p>Nothing has been sent yet.</p>
          )}
        </Dialog>
      )}
    </>
  );
}

function columnsOf(onShow: (delivery: WebhookDeliveryFieldsFragment) => void): Column<WebhookDeliveryFieldsFragment>[] {
  return [
    {
      id: "event",
      header: "Event",
      grow: true,
      cell: ({ event, alert, lastError }) => (
        <>
          <span className={styles.name}>
            {alert ? (
              <Link to="/alerts/$alertId" params={{ alertId: alert.id }}>
                {eventNames[event]}
              </Link>
            ) : (
              eventNames[event]
            )}
          </span>
          {alert?.subject && <span className={styles.note}>{alert.subject.name}</span>}
          {lastError && <span className={styles.error}>{lastError}</span>}
        </>
      ),
    },
    { id: "status", header: "Status", cell: ({ status }) => <Status tone={statusTones[status]}>{statusNames[status]}</Status> },
    { id: "answer", header: "Answer", align: "right", wideOnly: true, cell: ({ responseStatus }) => responseStatus ?? <None label="no answer" /> },
    { id: "attempts", header: "Attempts", align: "right", wideOnly: true, cell: ({ attempts }) => attempts },
    { id: "queued", header: "Queued", wideOnly: true, cell: ({ queuedAt }) => <Time at={queuedAt} /> },
    { id: "next", header: "Next attempt", wideOnly: true, cell: ({ nextAttemptAt }) => (nextAttemptAt ? <Time at={nextAttemptAt} /> : <None />) },
    {
      id: "actions",
      header: "Actions",
      headerHidden: true,
      align: "right",
      cell: (delivery) => (
        <Button small variant="quiet" aria-label={`Show ${eventNames[delivery.event]}`} onClick={() => onShow(delivery)}>
          Show
        </Button>
      ),
    },
  ];
}
