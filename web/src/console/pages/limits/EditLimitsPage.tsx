import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { SubjectToLimitQuery } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { SubjectQuery } from "./documents";
import { EditLimits } from "./EditLimits";

type Subject = Extract<NonNullable<SubjectToLimitQuery["node"]>, { __typename: "Organization" | "Workspace" }>;

/** The page that edits the limits of the workspace or the organization with this id. */
export function EditLimitsPage({ id }: { id: string }) {
  const { can } = useViewer();
  const navigate = useNavigate();
  const [{ data, error, stale, fetching }] = useQuery({ query: SubjectQuery, variables: { id }, requestPolicy: "network-only" });
  const [first, setFirst] = useState<Subject>();
  const node = data?.node;
  const found = node?.__typename === "Organization" || node?.__typename === "Workspace" ? node : undefined;
  // What the form begins with is read once: what others save meanwhile is a conflict, and not a change under the user's hands.
  if (found !== undefined && first === undefined && !stale && !fetching) setFirst(found);
  const done = () =>
    void (id.startsWith("ws_")
      ? navigate({ to: "/workspaces/$workspaceId", params: { workspaceId: id } })
      : navigate({ to: "/organization" }));
  const trail = id.startsWith("ws_") ? (
    <>
      <Link to="/workspaces">Workspaces</Link> / <Link to="/workspaces/$workspaceId" params={{ workspaceId: id }}>{found?.name ?? "Workspace"}</Link>
    </>
  ) : (
    <Link to="/organization">{found?.name ?? "Organization"}</Link>
  );

  if (error && !first) {
    return (
      <Page title="Limits" trail={trail}>
        <ErrorNote title="The limits could not be read." error={error} />
      </Page>
    );
  }
  if (first === undefined) return <PageLoading />;
  const deleted = first.__typename === "Workspace" && first.deletedAt != null;
  if (!can.administer || deleted) {
    return (
      <Page title={`Limits of ${first.name}`} trail={trail}>
        <Empty title="These limits cannot be changed">{deleted ? "The workspace is deleted." : "Owners and admins may change them."}</Empty>
      </Page>
    );
  }
  return (
    <Page
      title={`Limits of ${first.name}`}
      trail={trail}
      lead={`Every request of its API keys must pass them, besides those of the key itself. All of it is saved at once, or nothing is.`}
    >
      <EditLimits
        first={first}
        noun={first.__typename === "Workspace" ? "workspace" : "organization"}
        domains={first.__typename === "Workspace" ? first.organization.recipientDomains : first.recipientDomains}
        onDone={done}
      />
    </Page>
  );
}
