import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useClient, useMutation, useQuery } from "urql";
import { hasCode, problems } from "../../../app/errors";
import { NotFound } from "../../../app/NotFound";
import { useViewer } from "../../../app/viewer";
import type { PolicyFieldsFragment } from "../../../gql/graphql";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Empty } from "../../../ui/Empty";
import { ErrorNote } from "../../../ui/Note";
import { Page } from "../../../ui/Page";
import { PageLoading } from "../../../ui/PageLoading";
import { useToast } from "../../../ui/Toast";
import { ConflictDialog } from "../../keys/form/ConflictDialog";
import type { KeyDraft } from "../../keys/form/draft";
import { lostBySaving } from "../../keys/form/removals";
import { useDraft } from "../../keys/form/useDraft";
import { hasGovernance } from "../../keys/governance";
import { PolicyQuery, UpdatePolicy } from "../documents";
import { beginsAnew, policyDraft, updatePolicyInput } from "./part";
import { PolicyForm } from "./PolicyForm";

/** The form of a policy that is saved. */
export function EditPolicyPage() {
  const { policyId } = useParams({ from: "/shell/policies/$policyId/edit" });
  const { can } = useViewer();
  const [{ data, error, stale, fetching }] = useQuery({ query: PolicyQuery, variables: { id: policyId }, requestPolicy: "network-only" });
  const [first, setFirst] = useState<PolicyFieldsFragment>();
  const found = data?.node?.__typename === "Policy" ? data.node : undefined;
  // What the form begins with is read once: what others save meanwhile is a conflict.
  if (found !== undefined && first === undefined && !stale && !fetching) setFirst(found);
  if (data && !found && !first) return <NotFound what="policy" />;
  const trail = (
    <>
      <Link to="/policies">Policies</Link> / <Link to="/policies/$policyId" params={{ policyId }} search={{}}>{first?.name ?? "Policy"}</Link>
    </>
  );
  if (!can.administer || (error && !first)) {
    return (
      <Page title="Policy" trail={trail}>
        <ErrorNote title="The policy could not be read." error={error} />
        {!can.administer && <Empty title="This policy cannot be changed">Owners and admins may change it.</Empty>}
      </Page>
    );
  }
  if (first === undefined) return <PageLoading />;
  return (
    <Page
      title={`Edit ${first.name}`}
      trail={trail}
      lead="All of it is saved at once, or nothing is. Other amounts and another mode keep what was used."
    >
      <EditPolicy first={first} />
    </Page>
  );
}

type Question = { kind: "lost"; lost: ReturnType<typeof lostBySaving>; anew: boolean } | { kind: "conflict"; theirs: PolicyFieldsFragment };

function EditPolicy({ first }: { first: PolicyFieldsFragment }) {
  const { organization } = useViewer();
  const client = useClient();
  const navigate = useNavigate();
  const show = useToast();
  const [saved, setSaved] = useState(first);
  const [question, setQuestion] = useState<Question>();
  const [{ fetching }, save] = useMutation(UpdatePolicy);
  const base = policyDraft(saved);
  const state = useDraft(base);
  const owner = saved.owner;
  const done = () => void navigate({ to: "/policies/$policyId", params: { policyId: saved.id }, search: {} });

  const send = async (draft: KeyDraft, known: PolicyFieldsFragment) => {
    const input = updatePolicyInput(known.id, known.version, policyDraft(known), draft);
    if (input === undefined) return done();
    const { data, error } = await save({ input });
    setQuestion(undefined);
    if (data?.updatePolicy) {
      show(`${data.updatePolicy.policy.name} is saved.`);
      return done();
    }
    if (error && hasCode(error, "CONFLICT")) {
      const theirs = await newest(known);
      if (theirs) return setQuestion({ kind: "conflict", theirs });
    }
    if (error) state.refuse(error.networkError ? problems(error) : error.graphQLErrors);
  };
  /** What is saved now, if that is another version: other conflicts are about values. */
  const newest = async (known: PolicyFieldsFragment) => {
    // The first answer may be that of a query that was under way before the other change.
    for (let asked = 0; asked < 2; asked++) {
      const { data } = await client.query(PolicyQuery, { id: known.id }, { requestPolicy: "network-only" }).toPromise();
      if (data?.node?.__typename === "Policy" && data.node.version !== known.version) return data.node;
    }
    return undefined;
  };
  const submit = () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const lost = lostBySaving(base, state.draft);
    const anew = beginsAnew(base, state.draft) && saved.groupCount > 0;
    if (anew || lost.deleted.length + lost.restarted.length > 0) setQuestion({ kind: "lost", lost, anew });
    else void send(state.draft, saved);
  };
  const takeMerged = (merged: KeyDraft, theirs: PolicyFieldsFragment) => {
    setSaved(theirs);
    state.replace(merged);
    setQuestion(undefined);
  };

  return (
    <>
      <PolicyForm
        state={state}
        base={base}
        owners={owner ? [{ id: owner.id, name: owner.name }] : []}
        governance={hasGovernance(organization)}
        pending={fetching}
        submit="Save"
        onSubmit={submit}
        onCancel={done}
      />
      {question?.kind === "lost" && (
        <ConfirmDialog
          title="Save, and lose what was counted?"
          confirm="Save"
          danger
          pending={fetching}
          onClose={() => setQuestion(undefined)}
          onConfirm={() => void send(state.draft, saved)}
        >
          {question.anew && <p>Other conditions, and another grouping, begin new counters: all groups are deleted with what they have used.</p>}
          <Lost title="These limits are deleted, with what was counted:" limits={question.lost.deleted} />
          <Lost title="These budgets start again at zero:" limits={question.lost.restarted} />
        </ConfirmDialog>
      )}
      {question?.kind === "conflict" && (
        <ConflictDialog
          noun="policy"
          base={base}
          mine={state.draft}
          theirs={policyDraft(question.theirs)}
          savedAt={question.theirs.updatedAt}
          ownerName={(id) => id}
          pending={fetching}
          onSave={(merged) => {
            takeMerged(merged, question.theirs);
            void send(merged, question.theirs);
          }}
          onEdit={(merged) => takeMerged(merged, question.theirs)}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </>
  );
}

function Lost({ title, limits }: { title: string; limits: string[] }) {
  if (limits.length === 0) return null;
  return (
    <div>
      <p>{title}</p>
      <ul>
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </div>
  );
}
