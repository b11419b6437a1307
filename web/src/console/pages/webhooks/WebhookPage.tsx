import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState, type ReactElement, type ReactNode } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { WebhookByIdQuery } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { Time } from "../../ui/Format";
import { ErrorNote, Note } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { Pager, pageArguments } from "../../ui/Pager";
import { DeliveriesTable } from "./DeliveriesTable";
import { WebhookById } from "./documents";
import { SecretDialog } from "./SecretDialog";
import { WebhookActions } from "./WebhookActions";
import { eventsText, ownerText, WebhookStatus } from "./WebhooksPage";
import styles from "./Webhooks.module.css";
import { formatNames } from "./words";

export type Webhook = Extract<NonNullable<WebhookByIdQuery["node"]>, { __typename: "Webhook" }>;

const trail = <Link to="/alert-webhooks">Webhooks</Link>;

/** One webhook: what it is told, and what became of that. */
export function WebhookPage(): ReactElement {
  const { webhookId } = useParams({ from: "/shell/alert-webhooks/$webhookId" });
  const cursor = useSearch({ from: "/shell/alert-webhooks/$webhookId" });
  const { can } = useViewer();
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: WebhookById,
    variables: { id: webhookId, administers: can.administer, ...pageArguments(cursor, 25) },
  });
  const readAgain = () => retry({ requestPolicy: "network-only" });
  if (data?.node?.__typename === "Webhook") {
    return <OneWebhook webhook={data.node} error={error} stale={stale || fetching} onRead={readAgain} />;
  }
  if (error === undefined && data === undefined) return <PageLoading />;
  return (
    <Page title="Webhook" trail={trail}>
      <ErrorNote title="The webhook could not be read." error={error} onRetry={readAgain} />
      {error === undefined && <Empty title="This is no webhook">Its address names something else.</Empty>}
    </Page>
  );
}

interface Properties {
  webhook: Webhook;
  error: Parameters<typeof ErrorNote>[0]["error"];
  stale: boolean;
  onRead: () => void;
}

function OneWebhook({ webhook, error, stale, onRead }: Properties) {
  const { can } = useViewer();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string>();
  const { name, origin, url, format, events, owner, transitionEndsAt, disabledReason, createdAt, deliveries } = webhook;
  return (
    <Page
      title={name}
      aside={<WebhookStatus webhook={webhook} />}
      trail={trail}
      actions={can.administer && <WebhookActions webhook={webhook} onSecret={setSecret} onRead={onRead} />}
    >
      <ErrorNote title="The webhook could not be read again." error={error} onRetry={onRead} />
      {disabledReason && (
        <Note tone="warning" title="Bursar has disabled it">
          <p>It was disabled because {disabledReason}. Set another URL, and enable it.</p>
        </Note>
      )}
      <Card title="What it is told">
        <dl className={styles.facts}>
          <Fact term="URL">{url ?? `${origin}/…`}</Fact>
          <Fact term="Format">{formatNames[format]}</Fact>
          <Fact term="Told of">{eventsText(events)}</Fact>
          <Fact term="Alerts of">{ownerText(owner)}</Fact>
          <Fact term="Created">
            <Time at={createdAt} absolute />
          </Fact>
          {transitionEndsAt && (
            <Fact term="Old secret signs until">
              <Time at={transitionEndsAt} absolute />
            </Fact>
          )}
        </dl>
      </Card>
      <Card title="Deliveries" flush>
        <DeliveriesTable deliveries={deliveries.nodes} stale={stale} resends={can.administer && webhook.enabled} />
        <Pager
          pageInfo={deliveries.pageInfo}
          total={deliveries.totalCount}
          noun="message"
          onPage={(page) => void navigate({ to: "/alert-webhooks/$webhookId", params: { webhookId: webhook.id }, search: page })}
        />
      </Card>
      {secret !== undefined && (
        <SecretDialog title="The new secret" secret={secret} onClose={() => setSecret(undefined)}>
          Configure it where the messages are received. Until then the old one signs them, too.
        </SecretDialog>
      )}
    </Page>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
