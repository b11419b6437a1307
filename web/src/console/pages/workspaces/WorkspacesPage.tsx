import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { WorkspacesPageQuery } from "../../gql/graphql";
import { rangeOf } from "../../time/range";
import { Button, IconButton } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Money, None, Time } from "../../ui/Format";
import { Menu } from "../../ui/Menu";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { DeleteWorkspaceDialog } from "./DeleteWorkspaceDialog";
import { WorkspacesPage as Query, WorkspaceSpend } from "./documents";
import { TightestBudget } from "./TightestBudget";
import { WorkspaceDialog } from "./WorkspaceDialog";
import styles from "./WorkspacesPage.module.css";

type Node = NonNullable<WorkspacesPageQuery["node"]>;
type Workspace = Extract<Node, { __typename: "Organization" }>["workspaces"]["nodes"][number];
type Doing = { what: "create" } | { what: "rename" | "delete"; workspace: Workspace };

/** The organization's workspaces, with what they spent this month. */
export function WorkspacesPage(): ReactElement {
  const { organization, can } = useViewer();
  const cursor = useSearch({ from: "/shell/workspaces" });
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Doing>();
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: Query,
    variables: { organization: organization.id, ...pageArguments(cursor, 50) },
  });
  const list = data?.node?.__typename === "Organization" ? data.node.workspaces : undefined;
  const spend = useSpend(can.seeEverything);
  const columns = useMemo(() => columnsOf(spend, can.administer, setDoing), [spend, can.administer]);
  const create = can.administer && (
    <Button variant="primary" icon="plus" onClick={() => setDoing({ what: "create" })}>
      New workspace
    </Button>
  );
  return (
    <Page title="Workspaces" lead="A workspace owns API keys, and has budgets and rate limits that all of them must pass." actions={create}>
      <ErrorNote title="The workspaces could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Workspaces"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={
            <Empty title="No workspace yet" action={create}>
              API keys can belong to the organization itself. Workspaces give teams budgets of their own.
            </Empty>
          }
        />
        <Pager
          pageInfo={list?.pageInfo}
          total={list?.totalCount}
          noun="workspace"
          onPage={(page) => void navigate({ to: "/workspaces", search: page })}
        />
      </Card>
      {doing?.what === "create" && <WorkspaceDialog onClose={() => setDoing(undefined)} />}
      {doing?.what === "rename" && <WorkspaceDialog workspace={doing.workspace} onClose={() => setDoing(undefined)} />}
      {doing?.what === "delete" && <DeleteWorkspaceDialog workspace={doing.workspace} onClose={() => setDoing(undefined)} />}
    </Page>
  );
}

/** What each workspace spent this month, by id; undefined until it is known, and for who may not see it. */
function useSpend(offered: boolean): ReadonlyMap<string, string> | undefined {
  const { organization } = useViewer();
  const { from, to } = rangeOf({ preset: "month" }, new Date());
  const filter = { subjectId: organization.id, from: from.toISOString(), to: to.toISOString() };
  const [{ data }] = useQuery({ query: WorkspaceSpend, variables: { filter }, pause: !offered });
  return useMemo(
    () => (data?.usage ? new Map(data.usage.series.map(({ dimensions, total }) => [dimensions[0]?.value ?? "", total.cost])) : undefined),
    [data],
  );
}

function columnsOf(spend: ReadonlyMap<string, string> | undefined, administers: boolean, onDo: (doing: Doing) => void): Column<Workspace>[] {
  return [
    {
      id: "name",
      header: "Name",
      grow: true,
      cell: ({ id, name, slug }) => (
        <>
          <Link to="/workspaces/$workspaceId" params={{ workspaceId: id }} className={styles.name}>
            {name}
          </Link>
          <span className={styles.slug}>{slug}</span>
        </>
      ),
    },
    { id: "budget", header: "Tightest budget", cell: ({ budgetLimits }) => <TightestBudget budgets={budgetLimits} /> },
    {
      id: "rates",
      header: "Rate limits",
      align: "right",
      wideOnly: true,
      cell: ({ rateLimits }) => (rateLimits.length > 0 ? rateLimits.length : <None />),
    },
    ...(spend
      ? [
          {
            id: "spend",
            header: "Spent this month",
            align: "right",
            wideOnly: true,
            cell: ({ id }) => <Money dollars={spend.get(id) ?? "0"} />,
          } satisfies Column<Workspace>,
        ]
      : []),
    { id: "created", header: "Created", wideOnly: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    ...(administers
      ? [
          {
            id: "actions",
            header: "Actions",
            headerHidden: true,
            align: "right",
            cell: (workspace) => <Actions workspace={workspace} onDo={onDo} />,
          } satisfies Column<Workspace>,
        ]
      : []),
  ];
}

function Actions({ workspace, onDo }: { workspace: Workspace; onDo: (doing: Doing) => void }) {
  return (
    <Menu
      trigger={<IconButton label={`Actions for ${workspace.name}`} icon="more" small />}
      entries={[
        { label: "Rename", icon: "edit", onSelect: () => onDo({ what: "rename", workspace }) },
        "separator",
        { label: "Delete", icon: "trash", danger: true, onSelect: () => onDo({ what: "delete", workspace }) },
      ]}
    />
  );
}
