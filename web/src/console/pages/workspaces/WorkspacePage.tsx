import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { WorkspaceByIdQuery } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Time } from "../../ui/Format";
import { ErrorNote } from "../../ui/Note";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { Status } from "../../ui/Status";
import { LimitsOverview } from "../limits/LimitsOverview";
import { DeleteWorkspaceDialog } from "./DeleteWorkspaceDialog";
import { WorkspaceById } from "./documents";
import { SpendCard } from "./SpendCard";
import { WorkspaceDialog } from "./WorkspaceDialog";

type Workspace = Extract<NonNullable<WorkspaceByIdQuery["node"]>, { __typename: "Workspace" }>;

const trail = <Link to="/workspaces">Workspaces</Link>;

/** One workspace: its limits as they stand, who hears of them, and what its keys spend. */
export function WorkspacePage(): ReactElement {
  const { workspaceId } = useParams({ from: "/shell/workspaces/$workspaceId" });
  const [{ data, error }, retry] = useQuery({ query: WorkspaceById, variables: { id: workspaceId } });
  if (data?.node?.__typename === "Workspace") return <OneWorkspace workspace={data.node} />;
  if (error === undefined && data === undefined) return <PageLoading />;
  return (
    <Page title="Workspace" trail={trail}>
      <ErrorNote title="The workspace could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      {error === undefined && <Empty title="This is no workspace">Its address names something else.</Empty>}
    </Page>
  );
}

function OneWorkspace({ workspace }: { workspace: Workspace }) {
  const { can } = useViewer();
  const navigate = useNavigate();
  const [doing, setDoing] = useState<"rename" | "delete">();
  const { id, name, slug, createdAt, deletedAt } = workspace;
  const changes = can.administer && deletedAt == null;
  return (
    <Page
      title={name}
      aside={deletedAt && <Status tone="neutral">Deleted</Status>}
      trail={trail}
      lead={
        <>
          <code>{slug}</code>, created <Time at={createdAt} />
        </>
      }
      actions={
        <>
          <ButtonLink icon="key" to="/keys" search={{ owner: id }}>
            API keys
          </ButtonLink>
          {changes && (
            <>
              <Button icon="edit" onClick={() => setDoing("rename")}>
                Rename
              </Button>
              <Button icon="trash" variant="danger" onClick={() => setDoing("delete")}>
                Delete
              </Button>
            </>
          )}
        </>
      }
    >
      <LimitsOverview subject={workspace} />
      {can.seeEverything && <SpendCard workspace={id} />}
      {doing === "rename" && <WorkspaceDialog workspace={workspace} onClose={() => setDoing(undefined)} />}
      {doing === "delete" && (
        <DeleteWorkspaceDialog
          workspace={workspace}
          onClose={() => setDoing(undefined)}
          onDeleted={() => void navigate({ to: "/workspaces" })}
        />
      )}
    </Page>
  );
}
