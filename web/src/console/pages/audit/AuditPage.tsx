import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { rangeOf } from "../../time/range";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { Pager, pageArguments } from "../../ui/Pager";
import { Refreshing } from "../../ui/Refreshing";
import { AuditEntry } from "./AuditEntry";
import { AuditExport } from "./AuditExport";
import { AuditFilters } from "./AuditFilters";
import { AuditPage as Query } from "./documents";
import { readAuditState, writeAuditState, type AuditState } from "./search";

/** Every change of the organization, who made it, and what it was before and after. */
export function AuditPage(): ReactElement {
  const { can, organization } = useViewer();
  const search = useSearch({ from: "/shell/audit" });
  const state = readAuditState(search);
  const navigate = useNavigate();
  // What the address has by now: two filters that are changed one right after the other are both in it.
  const change = (next: Partial<AuditState>) =>
    void navigate({
      to: "/audit",
      search: (known) => writeAuditState({ ...readAuditState(known as Record<string, unknown>), ...next }),
      resetScroll: false,
    });
  const range = state.selection && rangeOf(state.selection, new Date());
  const filter = {
    organizationId: organization.id,
    actorId: state.actor,
    targetId: state.target,
    action: state.action,
    from: range?.from.toISOString() ?? null,
    to: range?.to.toISOString() ?? null,
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: Query,
    variables: { filter, ...pageArguments(search, 50) },
    pause: !can.seeEverything,
  });
  if (!can.seeEverything) {
    return (
      <Page title="Audit log">
        <Empty title="The audit log is not shown to members">Owners and admins see it.</Empty>
      </Page>
    );
  }
  const entries = data?.auditLog?.nodes;
  return (
    <Page
      title="Audit log"
      lead="Every change of the organization, written in the transaction that made it. Nothing here is ever changed or deleted."
      actions={<AuditExport state={state} />}
    >
      <AuditFilters state={state} onChange={change} />
      <ErrorNote title="The audit log could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      {entries === undefined && error === undefined && <PageLoading />}
      {entries !== undefined && (
        <Card flush>
          <Refreshing busy={stale || fetching}>
            <div aria-busy={stale || fetching || undefined}>
              {entries.map((entry) => (
                <AuditEntry key={entry.id} entry={entry} onNarrow={change} />
              ))}
              {entries.length === 0 && <Empty title="No change like this">Choose another range, or fewer filters.</Empty>}
            </div>
          </Refreshing>
          <Pager
            pageInfo={data?.auditLog?.pageInfo}
            onPage={(page) => void navigate({ to: "/audit", search: { ...writeAuditState(state), ...page } })}
          />
        </Card>
      )}
    </Page>
  );
}
