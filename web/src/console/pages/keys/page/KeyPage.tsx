import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { hasCode } from "../../../app/errors";
import { NotFound } from "../../../app/NotFound";
import { mayManageKey, useViewer } from "../../../app/viewer";
import type { EditedKeyFragment } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { instant } from "../../../ui/format";
import { ErrorNote, Note } from "../../../ui/Note";
import { Card, Page } from "../../../ui/Page";
import { PageLoading } from "../../../ui/PageLoading";
import type { PageCursor } from "../../../ui/Pager";
import { Tabs } from "../../../ui/Tabs";
import { KeyQuery } from "../documents";
import { KeyStatus } from "../KeyStatus";
import { SecretPanel } from "../SecretPanel";
import { Snippets } from "../Snippets";
import { AlertsTab } from "./AlertsTab";
import { AuditTab } from "./AuditTab";
import { EventsTab } from "./EventsTab";
import { HoldsTab } from "./HoldsTab";
import { KeyActions } from "./KeyActions";
import { KeyFacts } from "./KeyFacts";
import { LimitsTab } from "./LimitsTab";
import { RotateDialog, type Rotated } from "./RotateDialog";
import { readKeySearch, type KeySearch, type KeyTab, type Range } from "./search";
import { UsageTab } from "./UsageTab";

const route = getRouteApi("/shell/keys/$keyId");

/** Everything about one key. */
export function KeyPage() {
  const { keyId } = route.useParams();
  const [{ data, error }, reload] = useQuery({ query: KeyQuery, variables: { id: keyId } });
  const apiKey = data?.apiKey;
  if (hasCode(error, "NOT_FOUND") || hasCode(error, "BAD_USER_INPUT") || hasCode(error, "FORBIDDEN")) return <NotFound what="API key" />;
  if (apiKey) return <Known key={apiKey.id} apiKey={apiKey} />;
  if (error) {
    return (
      <Page title="API key" trail={<Link to="/keys">API keys</Link>}>
        <ErrorNote title="The key could not be read." error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />
      </Page>
    );
  }
  return <PageLoading />;
}

function Known({ apiKey }: { apiKey: EditedKeyFragment }) {
  const viewer = useViewer();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [rotated, setRotated] = useState<Rotated>();
  const mayManage = mayManageKey(viewer, apiKey) && apiKey.status !== "REVOKED";
  const go = (next: KeySearch, replace = false) =>
    void navigate({ to: "/keys/$keyId", params: { keyId: apiKey.id }, search: readKeySearch(next as Record<string, unknown>), replace });

  const paged = {
    keyId: apiKey.id,
    cursor: search as PageCursor,
    onPage: (cursor: PageCursor) => go({ ...(search.tab && { tab: search.tab }), ...cursor }),
  };
  const range = search.range ?? "30d";
  const tabs: { value: KeyTab; label: string; content: React.ReactNode }[] = [
    { value: "limits", label: "Limits", content: <LimitsTab apiKey={apiKey} mayManage={mayManage} /> },
    {
      value: "usage",
      label: "Usage",
      content: <UsageTab keyId={apiKey.id} range={range} onRange={(next: Range) => go({ tab: "usage", range: next }, true)} />,
    },
    { value: "events", label: "Events", content: <EventsTab {...paged} /> },
    {
      value: "holds",
      label: "Holds",
      content: <HoldsTab apiKey={apiKey} cursor={paged.cursor} onPage={paged.onPage} mayRelease={viewer.can.administer} />,
    },
    { value: "alerts", label: "Alerts", content: <AlertsTab {...paged} /> },
    ...(viewer.can.seeEverything ? [{ value: "audit" as const, label: "Audit log", content: <AuditTab {...paged} /> }] : []),
    {
      value: "use",
      label: "Use it",
      content: (
        <Card>
          <Snippets />
        </Card>
      ),
    },
  ];
  return (
    <Page
      title={apiKey.name}
      aside={<KeyStatus status={apiKey.status} />}
      trail={<Link to="/keys">API keys</Link>}
      actions={mayManage && <KeyActions apiKey={apiKey} onRotated={setRotated} />}
    >
      {rotated && <RotatedSecret apiKey={apiKey} rotated={rotated} onRotated={setRotated} />}
      <KeyFacts apiKey={apiKey} />
      <Tabs
        label="Parts of the key"
        value={tabs.some(({ value }) => value === search.tab) ? search.tab! : "limits"}
        onChange={(tab: KeyTab) => go({ tab })}
        tabs={tabs}
      />
    </Page>
  );
}

interface RotatedProperties {
  apiKey: EditedKeyFragment;
  rotated: Rotated;
  onRotated: (rotated: Rotated | undefined) => void;
}

/** The new secret, until it is put away. */
function RotatedSecret({ apiKey, rotated, onRotated }: RotatedProperties) {
  const [again, setAgain] = useState(false);
  return (
    <>
      <Note>
        <p>The secret before works until {instant(rotated.transitionEndsAt)}.</p>
        <Button small onClick={() => onRotated(undefined)}>
          I have copied the secret
        </Button>
      </Note>
      <SecretPanel secret={rotated.secret} message={rotated.message}>
        <Button small onClick={() => setAgain(true)}>
          Rotate again
        </Button>
      </SecretPanel>
      {again && <RotateDialog apiKey={apiKey} lost={rotated.secretPrefix} onClose={() => setAgain(false)} onRotated={onRotated} />}
    </>
  );
}
