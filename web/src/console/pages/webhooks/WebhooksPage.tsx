import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { WebhookFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DataTable, NarrowOnly, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Time } from "../../ui/Format";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { CreateWebhookDialog } from "./CreateWebhookDialog";
import { WebhooksPage as Query } from "./documents";
import styles from "./Webhooks.module.css";
import { eventNames, formatNames, toldEvents } from "./words";

/** Who is told of alerts over HTTP. */
export function WebhooksPage(): ReactElement {
  const { organization, can } = useViewer();
  const [creating, setCreating] = useState(false);
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: Query,
    variables: { organization: organization.id },
    pause: !can.seeEverything,
  });
  const webhooks = data?.node?.__typename === "Organization" ? data.node.webhooks : undefined;
  const readAgain = () => retry({ requestPolicy: "network-only" });
  const create = can.administer && (
    <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
      New webhook
    </Button>
  );
  if (!can.seeEverything) {
    return (
      <Page title="Webhooks">
        <Empty title="Webhooks are not shown to members">Owners and admins see them.</Empty>
      </Page>
    );
  }
  return (
    <Page title="Webhooks" lead="Pagers, chats and programs that are told of alerts over HTTP, as people are by mail." actions={create}>
      <ErrorNote title="The webhooks could not be read." error={error} onRetry={readAgain} />
      <Card flush>
        <DataTable
          label="Webhooks"
          columns={columns}
          rows={webhooks}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={
            <Empty title="No webhook yet" action={create}>
              Set one up to have Slack, a pager or a program told when a budget reaches a threshold.
            </Empty>
          }
        />
      </Card>
      {creating && <CreateWebhookDialog onClose={() => setCreating(false)} onCreated={readAgain} />}
    </Page>
  );
}

const columns: Column<WebhookFieldsFragment>[] = [
  {
    id: "name",
    header: "Name",
    grow: true,
    cell: ({ id, name, origin, format }) => (
      <>
        <Link to="/alert-webhooks/$webhookId" params={{ webhookId: id }} className={styles.name}>
          {name}
        </Link>
        <span className={styles.note}>{origin}</span>
        <NarrowOnly>{formatNames[format]}</NarrowOnly>
      </>
    ),
  },
  { id: "status", header: "Status", cell: (webhook) => <WebhookStatus webhook={webhook} /> },
  { id: "format", header: "Format", wideOnly: true, cell: ({ format }) => formatNames[format] },
  { id: "events", header: "Told of", wideOnly: true, cell: ({ events }) => eventsText(events) },
  { id: "owner", header: "Alerts of", wideOnly: true, cell: ({ owner }) => ownerText(owner) },
  { id: "created", header: "Created", wideOnly: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

/** Whether a webhook is told anything. */
export function WebhookStatus({ webhook }: { webhook: WebhookFieldsFragment }) {
  if (webhook.enabled) return <Status tone="good">Enabled</Status>;
  return webhook.disabledReason ? <Status tone="danger">Gone</Status> : <Status tone="neutral">Disabled</Status>;
}

export const eventsText = (events: WebhookFieldsFragment["events"]) =>
  events.length === toldEvents.length ? "Everything" : events.map((event) => eventNames[event]).join(", ");

export const ownerText = (owner: WebhookFieldsFragment["owner"]) =>
  owner?.__typename === "Workspace" ? `Workspace ${owner.name}` : (owner?.name ?? "a workspace that was deleted");
