import { useEffect, useMemo, type ReactNode } from "react";
import type { ConsoleMembershipsQuery, ConsoleOrganizationsQuery, ConsoleViewerQuery } from "../gql/graphql";
import { Button } from "../ui/Button";
import { ErrorNote } from "../ui/Note";
import { Page } from "../ui/Page";
import { PageLoading } from "../ui/PageLoading";
import { permissions } from "./permissions";
import { useSession } from "./SessionProvider";
import { isUnauthenticated } from "./client";
import { useInvitations, useMemberships, useOrganizations, useViewerQuery, ViewerProvider, type Viewer } from "./viewer";
import { Alone, GatewayToken, NoOrganization } from "./NothingToSee";

type Memberships = NonNullable<ConsoleMembershipsQuery["viewer"]>["memberships"];

/** Finds out who uses the console and in which organization, before any page is shown. */
export function ViewerGate({ children }: { children: ReactNode }) {
  const { credentials, organizationId } = useSession();
  const [{ data, error, fetching }, retry] = useMemberships();
  const isNoMember = error !== undefined && isUnauthenticated(error);
  const [invited, askAgain] = useInvitations(!isNoMember);
  const memberships = data?.viewer?.memberships;
  const chosen = memberships?.find(({ organization }) => organization.id === organizationId);
  const member = chosen ?? memberships?.[0];

  if (isNoMember) {
    if (invited.error) return <Failed error={invited.error} onRetry={askAgain} />;
    return invited.data?.viewer ? <NoOrganization invitations={invited.data.viewer.invitations} onChange={askAgain} /> : <PageLoading />;
  }
  if (error) return <Failed error={error} onRetry={retry} />;
  // An organization that is chosen and not known yet is one whose invitation was accepted just now.
  if (memberships === undefined || (organizationId !== undefined && chosen === undefined && fetching)) return <PageLoading />;
  if (credentials?.kind === "identity") {
    if (member === undefined) return <NoOrganization invitations={[]} onChange={retry} />;
    if (member.organization.id !== organizationId) return <Choose id={member.organization.id} />;
  }
  return <InOrganization memberships={memberships}>{children}</InOrganization>;
}

/** People of several organizations, and the operator, name one in every request: the one of last time, or the first. */
function Choose({ id }: { id: string }) {
  const { chooseOrganization } = useSession();
  useEffect(() => chooseOrganization(id), [chooseOrganization, id]);
  return <PageLoading />;
}

function InOrganization({ memberships, children }: { memberships: Memberships; children: ReactNode }) {
  const { credentials, organizationId } = useSession();
  const [{ data, error }, retry] = useViewerQuery(false);
  const isOperator = data?.viewer?.role === "ROOT";
  const [{ data: all, error: allError }] = useOrganizations(!isOperator);
  const viewer = useMemo(
    () => data?.viewer && makeViewer(data.viewer, credentials?.kind === "identity" ? memberships : [], all?.organizations, organizationId),
    [data, credentials, memberships, all, organizationId],
  );
  if (error ?? allError) return <Failed error={error ?? allError} onRetry={retry} />;
  if (data?.viewer?.role === "GATEWAY") return <GatewayToken />;
  if (viewer && isOperator && viewer.organization.id !== organizationId) return <Choose id={viewer.organization.id} />;
  if (viewer) return <ViewerProvider viewer={viewer}>{children}</ViewerProvider>;
  if (all?.organizations?.edges.length === 0) return <NoOrganization invitations={[]} onChange={retry} />;
  return <PageLoading />;
}

type Bearer = NonNullable<ConsoleViewerQuery["viewer"]>;

/** Undefined when there is no organization to be in, or none yet. */
function makeViewer(
  bearer: Bearer,
  memberships: Memberships,
  all: ConsoleOrganizationsQuery["organizations"] | undefined,
  organizationId: string | undefined,
): Viewer | undefined {
  const known = all?.edges.map(({ node }) => node) ?? [];
  const organization = bearer.organization ?? known.find(({ id }) => id === organizationId) ?? known[0];
  if (!organization) return undefined;
  const choices = [
    ...memberships.map(({ role, organization: { id, name, slug } }) => ({ id, name, slug, role })),
    ...known.map(({ id, name, slug }) => ({ id, name, slug, role: undefined })),
  ];
  const { role, member } = bearer;
  return {
    role,
    can: permissions(role),
    organization,
    member: member ? { id: member.id, email: member.email, name: member.name ?? member.email } : undefined,
    choices: choices.length > 0 ? choices : [{ ...organization, role: undefined }],
  };
}

function Failed({ error, onRetry }: { error: Parameters<typeof ErrorNote>[0]["error"]; onRetry: () => void }) {
  const { signOut } = useSession();
  return (
    <Alone>
      <Page title="Bursar">
        <ErrorNote title="The server did not say who you are." error={error} onRetry={onRetry} />
        <div>
          <Button icon="signOut" onClick={signOut}>
            Sign out
          </Button>
        </div>
      </Page>
    </Alone>
  );
}
