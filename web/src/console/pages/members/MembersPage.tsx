import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useSession } from "../../app/SessionProvider";
import { useViewer, type Viewer } from "../../app/viewer";
import type { MemberFieldsFragment } from "../../gql/graphql";
import { Button, IconButton } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Time } from "../../ui/Format";
import { Menu } from "../../ui/Menu";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status } from "../../ui/Status";
import { MembersPage as Query } from "./documents";
import { EditMemberDialog } from "./EditMemberDialog";
import { InviteDialog } from "./InviteDialog";
import { LeaveDialog } from "./LeaveDialog";
import { OwnInvitations } from "./OwnInvitations";
import { RemoveMemberDialog } from "./RemoveMemberDialog";
import { memberRoles } from "./roles";
import styles from "./MembersPage.module.css";

type Doing = { what: "invite" | "leave" } | { what: "edit" | "remove"; member: MemberFieldsFragment };

/** The people of the organization: who they are, what they may do, and where the viewer is invited. */
export function MembersPage(): ReactElement {
  const viewer = useViewer();
  const { organization, can } = viewer;
  // An access token accepts nothing and leaves nothing for the person whom it is bound to.
  const signedIn = useSession().credentials?.kind === "identity";
  const cursor = useSearch({ from: "/shell/members" });
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Doing>();
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: Query,
    variables: { organization: organization.id, ...pageArguments(cursor, 50) },
  });
  const found = data?.node?.__typename === "Organization" ? data.node : undefined;
  const columns = useMemo(() => columnsOf(viewer, setDoing), [viewer]);
  const close = () => setDoing(undefined);
  const readAgain = () => retry({ requestPolicy: "network-only" });
  return (
    <Page
      title="Members"
      lead="People who sign in, or for whom access tokens are made. Owners and admins hear of every alert."
      actions={
        <>
          {signedIn && <Button onClick={() => setDoing({ what: "leave" })}>Leave {organization.name}</Button>}
          {can.administer && (
            <Button variant="primary" icon="plus" onClick={() => setDoing({ what: "invite" })}>
              Add member
            </Button>
          )}
        </>
      }
    >
      {signedIn && <OwnInvitations />}
      <ErrorNote title="The members could not be read." error={error} onRetry={readAgain} />
      <Card flush>
        <DataTable label="Members" columns={columns} rows={found?.members.nodes} rowKey={({ id }) => id} stale={stale || fetching} />
        <Pager
          pageInfo={found?.members.pageInfo}
          total={found?.members.totalCount}
          noun="member"
          onPage={(page) => void navigate({ to: "/members", search: page })}
        />
      </Card>
      {found && found.memberDomains.length > 0 && (
        <p className={styles.domains}>
          Whoever has an address of {found.memberDomains.join(", ")} becomes a member without an invitation when an administrator adds them.
        </p>
      )}
      {doing?.what === "invite" && <InviteDialog onClose={close} onAdded={readAgain} />}
      {doing?.what === "edit" && <EditMemberDialog member={doing.member} onClose={close} />}
      {doing?.what === "remove" && <RemoveMemberDialog member={doing.member} onClose={close} onRemoved={readAgain} />}
      {doing?.what === "leave" && <LeaveDialog onClose={close} />}
    </Page>
  );
}

function columnsOf(viewer: Viewer, onDo: (doing: Doing) => void): Column<MemberFieldsFragment>[] {
  const { can, member: self } = viewer;
  const columns: Column<MemberFieldsFragment>[] = [
    {
      id: "member",
      header: "Member",
      grow: true,
      cell: ({ id, email, name, status }) => (
        <>
          <span className={styles.name}>
            {name ?? email}
            {id === self?.id && <span className={styles.self}> you</span>}
          </span>
          {name && <span className={styles.email}>{email}</span>}
          {status === "INVITED" && <span className={styles.invited}>Invited</span>}
        </>
      ),
    },
    { id: "role", header: "Role", cell: ({ role }) => memberRoles[role].name },
    {
      id: "status",
      header: "Status",
      wideOnly: true,
      cell: ({ status }) => (status === "ACTIVE" ? <Status tone="good">Active</Status> : <Status tone="warning">Invited</Status>),
    },
    { id: "since", header: "Added", wideOnly: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
  if (!can.administer) return columns;
  const mayChange = (member: MemberFieldsFragment) => member.role !== "OWNER" || can.manageOwners;
  return [
    ...columns,
    {
      id: "actions",
      header: "Actions",
      headerHidden: true,
      align: "right",
      cell: (member) => mayChange(member) && <Actions member={member} onDo={onDo} />,
    },
  ];
}

function Actions({ member, onDo }: { member: MemberFieldsFragment; onDo: (doing: Doing) => void }) {
  return (
    <Menu
      trigger={<IconButton label={`Actions for ${member.email}`} icon="more" small />}
      entries={[
        { label: "Change name or role", icon: "edit", onSelect: () => onDo({ what: "edit", member }) },
        "separator",
        {
          label: member.status === "INVITED" ? "Withdraw invitation" : "Remove",
          icon: "trash",
          danger: true,
          onSelect: () => onDo({ what: "remove", member }),
        },
      ]}
    />
  );
}
