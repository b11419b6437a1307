import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { SubjectLink } from "../../app/SubjectLink";
import { useViewer } from "../../app/viewer";
import type { RaiseRequestFieldsFragment, RaiseRequestsPageQuery } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { ConfirmDialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { Field } from "../../ui/Field";
import { Time } from "../../ui/Format";
import { amount } from "../../ui/format";
import { Select, TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Card, Page, Toolbar } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status, type Tone } from "../../ui/Status";
import { groupText } from "../policies/words";
import { DeclineRaise, GrantRaise, RaiseRequestsQuery } from "./documents";

/** A request, with the policy and the group whose budget it is about, if any. */
type Asked = NonNullable<RaiseRequestsPageQuery["raiseRequests"]>["nodes"][number];

const tones: Record<RaiseRequestFieldsFragment["status"], Tone> = { OPEN: "warning", GRANTED: "good", DECLINED: "neutral" };
const names: Record<RaiseRequestFieldsFragment["status"], string> = { OPEN: "Open", GRANTED: "Granted", DECLINED: "Declined" };

/** What members have asked to be added to budgets. */
export function RaisesPage() {
  const { can, organization } = useViewer();
  const search = useSearch({ from: "/shell/raises" });
  const navigate = useNavigate();
  const [deciding, setDeciding] = useState<{ request: RaiseRequestFieldsFragment; grants: boolean }>();
  const variables = {
    organizationId: organization.id,
    policies: can.seeEverything,
    status: search.all ? null : ("OPEN" as const),
    ...pageArguments(search, 50),
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: RaiseRequestsQuery, variables });
  const columns: Column<Asked>[] = [
    {
      id: "what",
      header: "Asked for",
      grow: true,
      cell: (one) => (
        <>
          {amount(one.by, one.type)} more than {amount(one.budgetLimit.amount, one.budgetLimit.type)} of{" "}
          {one.policy ? (
            <>
              <Link to="/policies/$policyId" params={{ policyId: one.policy.id }} search={{}}>{one.policy.name}</Link>
              {one.groupValues ? ` for ${groupText(one.groupValues)}` : ""}
            </>
          ) : (
            <SubjectLink subject={one.budgetLimit.subject} id={one.budgetLimit.subjectId} />
          )}
          {one.until ? <>, until <Time at={one.until} /></> : ", until the period ends"}
          {one.reason ? `: ${one.reason}` : ""}
        </>
      ),
    },
    { id: "who", header: "By", cell: ({ member }) => member?.name || member?.email || "–" },
    { id: "status", header: "Status", cell: ({ status }) => <Status tone={tones[status]}>{names[status]}</Status> },
    { id: "when", header: "When", cell: ({ requestedAt }) => <Time at={requestedAt} /> },
    {
      id: "decide",
      header: "",
      cell: (request) =>
        can.administer &&
        request.status === "OPEN" && (
          <>
            <Button small onClick={() => setDeciding({ request, grants: true })}>
              Grant…
            </Button>{" "}
            <Button small variant="quiet" onClick={() => setDeciding({ request, grants: false })}>
              Decline…
            </Button>
          </>
        ),
    },
  ];
  return (
    <Page title="Raises" lead="What members have asked to be added to budgets of their API keys, for a while.">
      <Toolbar>
        <Field label="Status">
          <Select
            value={search.all ? "ALL" : "OPEN"}
            options={[
              { value: "OPEN", label: "Open" },
              { value: "ALL", label: "All" },
            ]}
            onChange={(status) => void navigate({ to: "/raises", search: status === "ALL" ? { all: true } : {} })}
          />
        </Field>
      </Toolbar>
      <ErrorNote title="The requests could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Requests for raises"
          columns={columns}
          rows={data?.raiseRequests?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={<Empty title="No request">Members ask on the page of a key, at a budget.</Empty>}
        />
        <Pager
          pageInfo={data?.raiseRequests?.pageInfo}
          total={data?.raiseRequests?.totalCount}
          noun="request"
          onPage={(page) => void navigate({ to: "/raises", search: { ...(search.all ? { all: true } : {}), ...page } })}
        />
      </Card>
      {deciding && <DecideDialog {...deciding} onClose={() => setDeciding(undefined)} />}
    </Page>
  );
}

interface DecideProperties {
  request: RaiseRequestFieldsFragment;
  grants: boolean;
  onClose: () => void;
}

function DecideDialog({ request, grants, onClose }: DecideProperties) {
  const [reason, setReason] = useState("");
  const [granted, grant] = useMutation(GrantRaise);
  const [declined, decline] = useMutation(DeclineRaise);
  const confirm = async () => {
    const input = { id: request.id, ...(reason.trim() === "" ? {} : { reason }) };
    const { error } = await (grants ? grant({ input }) : decline({ input }));
    if (!error) onClose();
  };
  return (
    <ConfirmDialog
      title={`${grants ? "Grant" : "Decline"} ${amount(request.by, request.type)}?`}
      description={grants ? "The budget is raised with the next request, and ends by itself." : "The budget stays as it is."}
      confirm={grants ? "Grant" : "Decline"}
      pending={granted.fetching || declined.fetching}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Field label="Reason" hint="Shown to the member, and in the audit log; may be empty">
        <TextInput value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ErrorNote title="It was not decided." error={granted.error ?? declined.error} />
    </ConfirmDialog>
  );
}
