import { Link } from "@tanstack/react-router";
import { useMemo, useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { PolicyFieldsFragment } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { DataTable, NarrowOnly, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { count } from "../../ui/format";
import { ErrorNote, NotInPlan } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { hasGovernance } from "../keys/governance";
import { LimitDenialsQuery } from "../limits/denied/documents";
import { hoursAgo, sumOf } from "../limits/denied/hours";
import { PoliciesQuery } from "./documents";
import styles from "./Policies.module.css";
import { conditionsText, groupByText, limitTexts } from "./words";

/** The most limits whose denials are read at once. */
const mostLimits = 100;

/** A policy, and how often it denied requests in the last day. */
type Row = PolicyFieldsFragment & { denied?: number; shadow?: number };

/** The policies of the organization and of its workspaces. */
export function PoliciesPage(): ReactElement {
  const { organization, can } = useViewer();
  const governance = hasGovernance(organization);
  const [from] = useState(() => hoursAgo(24));
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: PoliciesQuery,
    variables: { organization: organization.id },
    pause: !can.seeEverything,
  });
  const policies = data?.node?.__typename === "Organization" ? data.node.policies : undefined;
  const limitIds = useMemo(() => (policies ?? []).flatMap((one) => [...limitTexts(one).keys()]).slice(0, mostLimits), [policies]);
  const [denied, readDenied] = useQuery({ query: LimitDenialsQuery, variables: { limitIds, from }, pause: limitIds.length === 0 });
  const rows = useMemo(() => policies?.map((policy) => withDenials(policy, denied.data?.limitDenials ?? undefined)), [policies, denied.data]);
  if (!can.seeEverything) {
    return (
      <Page title="Policies">
        <Empty title="Policies are not shown to members">Owners and admins see them. Denials name the policy that refused a request.</Empty>
      </Page>
    );
  }
  const create = can.administer && governance && (
    <ButtonLink variant="primary" icon="plus" to="/policies/new">
      New policy
    </ButtonLink>
  );
  return (
    <Page title="Policies" lead="Limits of all requests that meet conditions, across API keys: every user $20 a month." actions={create}>
      {!governance && <NotInPlan what="Policies" />}
      <ErrorNote title="The policies could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <ErrorNote title="What they denied could not be read." error={denied.error} onRetry={() => readDenied({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Policies"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={
            <Empty title="No policy yet" action={create}>
              Make one to limit each user, each team or each model, whichever API keys their requests come with.
            </Empty>
          }
        />
      </Card>
    </Page>
  );
}

function withDenials(policy: PolicyFieldsFragment, denials: Parameters<typeof sumOf>[0] | undefined): Row {
  if (denials === undefined) return policy;
  const own = limitTexts(policy);
  return { ...policy, denied: sumOf(denials, false, (id) => own.has(id)), shadow: sumOf(denials, true, (id) => own.has(id)) };
}

/** Whether a policy refuses requests. */
export function PolicyStatus({ policy }: { policy: PolicyFieldsFragment }) {
  if (policy.mode === "SHADOW") return <Status tone="neutral">Shadow</Status>;
  const limits = [...policy.budgetLimits, ...policy.rateLimits];
  if (!limits.some(({ enabled }) => enabled)) return <Status tone="neutral">Off</Status>;
  if (!limits.some(({ enabled, mode }) => enabled && mode === "ENFORCE")) return <Status tone="neutral">Shadow</Status>;
  return <Status tone="good">Refuses requests</Status>;
}

/** Groups in use: "812 of 100,000", marked where few are left. */
export function GroupsInUse({ policy }: { policy: PolicyFieldsFragment }) {
  if (policy.groupBy.length === 0) return <>–</>;
  return (
    <>
      {count(policy.groupCount)} <span className={styles.muted}>of {count(policy.maxGroups)}</span>{" "}
      {policy.groupCount >= policy.maxGroups && <Status tone="danger">Full</Status>}
    </>
  );
}

const columns: Column<Row>[] = [
  {
    id: "name",
    header: "Name",
    grow: true,
    cell: (policy) => (
      <>
        <Link to="/policies/$policyId" params={{ policyId: policy.id }} search={{}} className={styles.name}>
          {policy.name}
        </Link>
        <span className={styles.note}>
          {conditionsText(policy.conditions)}, {groupByText(policy.groupBy)}
          {policy.owner?.__typename === "Workspace" && `, of the workspace ${policy.owner.name}`}
        </span>
        <NarrowOnly>
          {[...limitTexts(policy).values()].join(", ")} <PolicyStatus policy={policy} />
        </NarrowOnly>
      </>
    ),
  },
  {
    id: "limits",
    header: "Limits",
    wideOnly: true,
    cell: (policy) => [...limitTexts(policy)].map(([id, text]) => (
      <span key={id} className={styles.limit}>
        {text}
      </span>
    )),
  },
  { id: "status", header: "Status", line: true, wideOnly: true, cell: (policy) => <PolicyStatus policy={policy} /> },
  { id: "groups", header: "Groups", align: "right", wideOnly: true, line: true, cell: (policy) => <GroupsInUse policy={policy} /> },
  {
    id: "denied",
    header: "Denied, 24 h",
    align: "right",
    cell: ({ denied, shadow }) => (
      <>
        {denied === undefined ? "–" : count(denied)}
        {shadow !== undefined && shadow > 0 && <span className={styles.note}>{count(shadow)} in shadow</span>}
      </>
    ),
  },
];
