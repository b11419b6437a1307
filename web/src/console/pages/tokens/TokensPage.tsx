import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { TokenFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DataTable, NarrowOnly, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None, Time } from "../../ui/Format";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status } from "../../ui/Status";
import { tokenRoles } from "../members/roles";
import { CreateTokenDialog } from "./CreateTokenDialog";
import { TokensPage as Query } from "./documents";
import { tokenState } from "./expiry";
import { RevokeTokenDialog } from "./RevokeTokenDialog";
import styles from "./TokensPage.module.css";

type Doing = { what: "create" } | { what: "revoke"; token: TokenFieldsFragment };

/** What portals, gateways and people present to Bursar. */
export function TokensPage(): ReactElement {
  const { organization, can } = useViewer();
  const cursor = useSearch({ from: "/shell/access-tokens" });
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Doing>();
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: Query,
    variables: { organization: organization.id, ...pageArguments(cursor, 50) },
    pause: !can.seeEverything,
  });
  const list = data?.node?.__typename === "Organization" ? data.node.accessTokens : undefined;
  const columns = useMemo(() => columnsOf(can.administer, can.manageOwners, setDoing), [can]);
  const readAgain = () => retry({ requestPolicy: "network-only" });
  const create = can.administer && (
    <Button variant="primary" icon="plus" onClick={() => setDoing({ what: "create" })}>
      New token
    </Button>
  );
  if (!can.seeEverything) {
    return (
      <Page title="Access tokens">
        <Empty title="Access tokens are not shown to members">Owners and admins see them.</Empty>
      </Page>
    );
  }
  return (
    <Page
      title="Access tokens"
      lead="What portals and gateways present to Bursar. A token belongs to this organization, and its secret is shown once."
      actions={create}
    >
      <ErrorNote title="The access tokens could not be read." error={error} onRetry={readAgain} />
      <Card flush>
        <DataTable
          label="Access tokens"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={
            <Empty title="No access token yet" action={create}>
              A gateway needs one to check and record usage, a portal one to manage keys.
            </Empty>
          }
        />
        <Pager
          pageInfo={list?.pageInfo}
          total={list?.totalCount}
          noun="token"
          onPage={(page) => void navigate({ to: "/access-tokens", search: page })}
        />
      </Card>
      {doing?.what === "create" && <CreateTokenDialog onClose={() => setDoing(undefined)} onCreated={readAgain} />}
      {doing?.what === "revoke" && <RevokeTokenDialog token={doing.token} onClose={() => setDoing(undefined)} />}
    </Page>
  );
}

function columnsOf(administers: boolean, managesOwners: boolean, onDo: (doing: Doing) => void): Column<TokenFieldsFragment>[] {
  const columns: Column<TokenFieldsFragment>[] = [
    {
      id: "name",
      header: "Name",
      grow: true,
      cell: ({ name, prefix, acceptsKeyIds, role }) => (
        <>
          <span className={styles.name}>{name}</span>
          <span className={styles.note}>
            <code>{prefix}…</code>
            {acceptsKeyIds && " takes ids of keys"}
          </span>
          <NarrowOnly>{tokenRoles[role].name}</NarrowOnly>
        </>
      ),
    },
    { id: "role", header: "Role", wideOnly: true, cell: ({ role }) => tokenRoles[role].name },
    { id: "status", header: "Status", cell: (token) => <TokenStatus token={token} /> },
    { id: "member", header: "Bound to", wideOnly: true, cell: ({ member }) => (member ? (member.name ?? member.email) : <None label="nobody" />) },
    { id: "createdBy", header: "Created by", wideOnly: true, cell: ({ createdBy }) => <Creator member={createdBy} /> },
    { id: "created", header: "Created", wideOnly: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { id: "expires", header: "Expires", wideOnly: true, cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : <None label="never" />) },
  ];
  if (!administers) return columns;
  const mayRevoke = (token: TokenFieldsFragment) => tokenState(token, new Date()) !== "REVOKED" && (token.role !== "OWNER" || managesOwners);
  return [
    ...columns,
    {
      id: "actions",
      header: "Actions",
      headerHidden: true,
      align: "right",
      cell: (token) =>
        mayRevoke(token) && (
          <Button small variant="quiet" aria-label={`Revoke ${token.name}`} onClick={() => onDo({ what: "revoke", token })}>
            Revoke
          </Button>
        ),
    },
  ];
}

function TokenStatus({ token }: { token: TokenFieldsFragment }) {
  switch (tokenState(token, new Date())) {
    case "ACTIVE":
      return <Status tone="good">Active</Status>;
    case "EXPIRED":
      return <Status tone="neutral">Expired</Status>;
    case "REVOKED":
      return <Status tone="neutral">Revoked</Status>;
  }
}

/** Who made a token: an administrator, or nobody who is known. */
function Creator({ member }: { member: TokenFieldsFragment["createdBy"] }) {
  if (!member) return <None label="the operator, or nobody who is known" />;
  return (
    <>
      {member.name ?? member.email}
      {member.removedAt && <span className={styles.removed}> removed</span>}
    </>
  );
}
