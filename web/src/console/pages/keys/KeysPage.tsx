import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { mayManageKey, useViewer } from "../../app/viewer";
import type { KeyRowFragment } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Pager } from "../../ui/Pager";
import { BulkDisable } from "./BulkDisable";
import { columns } from "./columns";
import { KeysQuery, SpendQuery } from "./documents";
import { KeysToolbar } from "./KeysToolbar";
import { changed, defaultOrder, readSearch, variablesOf, type Change, type Order } from "./list";

const route = getRouteApi("/shell/keys");
const none: readonly KeyRowFragment[] = [];

/** All keys that the viewer may see, with what they spend against their limits. */
export function KeysPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const viewer = useViewer();
  // What the address has by now: two filters that are changed one right after the other are both in it.
  const change = (next: Change, replace = false) =>
    void navigate({ to: "/keys", search: (known) => changed(readSearch(known as Record<string, unknown>), next), replace });
  const [{ data, error, stale, fetching }, reload] = useQuery({ query: KeysQuery, variables: variablesOf(search, viewer.organization.id) });
  const list = data?.apiKeys ?? undefined;
  const keys = list?.nodes ?? none;
  const spent = useSpent(keys);
  const rows = useMemo(() => keys.map((key) => ({ key, spent: spent.get(key.id) })), [keys, spent]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const chosenKeys = keys.filter((key) => chosen.has(key.id) && mayManageKey(viewer, key));

  const order = search.order ?? defaultOrder;
  const isFiltered = search.q !== undefined || search.status !== undefined || search.owner !== undefined || search.by !== undefined;
  return (
    <Page
      title="API keys"
      lead={viewer.can.seeEverything ? undefined : "The keys that you created."}
      actions={
        viewer.can.createKeys && (
          <ButtonLink variant="primary" icon="plus" to="/keys/new" search={search.owner ? { owner: search.owner } : {}}>
            New key
          </ButtonLink>
        )
      }
    >
      <KeysToolbar search={search} onChange={change} />
      <ErrorNote title="The keys could not be read." error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />
      <Card flush>
        <BulkDisable chosen={chosenKeys} onClear={() => setChosen(new Set())} />
        <DataTable
          label="API keys"
          columns={columns}
          rows={list && rows}
          rowKey={({ key }) => key.id}
          rowName={({ key }) => key.name}
          order={{ column: order.replace("-", ""), descending: order.startsWith("-") }}
          onOrder={({ column, descending }) => {
            const next = `${descending ? "-" : ""}${column}` as Order;
            change({ order: next === defaultOrder ? undefined : next });
          }}
          {...(viewer.can.createKeys ? { selected: chosen, onSelect: setChosen } : {})}
          stale={stale || fetching}
          empty={
            isFiltered ? (
              <Empty title="No key is like that">Search for less, or show keys of other statuses.</Empty>
            ) : (
              <Empty title="There are no keys yet">
                A key is what an application presents to a gateway; limits on it decide what it may spend.
              </Empty>
            )
          }
        />
        <Pager pageInfo={list?.pageInfo} total={list?.totalCount} noun="key" onPage={change} />
      </Card>
    </Page>
  );
}

/** What the keys without a budget spent this month, UTC, by id: those with one show that. */
function useSpent(keys: readonly KeyRowFragment[]): Map<string, string> {
  const ids = keys.filter((key) => key.budgetLimits.length === 0).map((key) => key.id);
  const { from, to } = useMemo(month, []);
  const [{ data }] = useQuery({ query: SpendQuery, variables: { filter: { apiKeyIds: ids, from, to } }, pause: ids.length === 0 });
  return useMemo(() => {
    if (!data?.usage) return new Map<string, string>();
    const series = data.usage.series.map((one) => [one.dimensions[0]?.value ?? "", one.total.cost] as const);
    return new Map([...ids.map((id) => [id, "0"] as const), ...series]);
  }, [data, ids.join()]);
}

function month() {
  const now = new Date();
  const first = (months: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString();
  return { from: first(0), to: first(1) };
}
