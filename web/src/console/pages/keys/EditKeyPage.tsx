import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useClient, useMutation, useQuery } from "urql";
import { hasCode, problems } from "../../app/errors";
import { mayManageKey, useViewer } from "../../app/viewer";
import type { EditedKeyFragment } from "../../gql/graphql";
import { ConfirmDialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { useToast } from "../../ui/Toast";
import { KeyQuery, SaveKey } from "./documents";
import { ConflictDialog } from "./form/ConflictDialog";
import { draftOf, type KeyDraft } from "./form/draft";
import { updateInput } from "./form/input";
import { KeyForm } from "./form/KeyForm";
import { lostBySaving } from "./form/removals";
import { useDraft } from "./form/useDraft";
import { hasGovernance } from "./governance";
import { useOwners, withCreator } from "./useOwners";
import { WhatIf } from "../limits/whatIf/WhatIf";

const route = getRouteApi("/shell/keys/$keyId/edit");

/** Everything of a key that can be changed, saved at once. */
export function EditKeyPage() {
  const { keyId } = route.useParams();
  const viewer = useViewer();
  // What the form begins with is read now, and not again while it is edited: see the conflict for what others save.
  const [{ data, error, stale, fetching }] = useQuery({ query: KeyQuery, variables: { id: keyId }, requestPolicy: "network-only" });
  const [first, setFirst] = useState<EditedKeyFragment>();
  const found = data?.apiKey ?? undefined;
  if (found !== undefined && first === undefined && !stale && !fetching) setFirst(found);
  const trail = (
    <>
      <Link to="/keys">API keys</Link> / <Link to="/keys/$keyId" params={{ keyId }}>{found?.name ?? "Key"}</Link>
    </>
  );
  if (error && !first) return <Page title="Edit key" trail={trail}><ErrorNote title="The key could not be read." error={error} /></Page>;
  if (first === undefined) return <PageLoading />;
  if (!mayManageKey(viewer, first) || first.status === "REVOKED") {
    return (
      <Page title={`Edit ${first.name}`} trail={trail}>
        <Empty title="This key cannot be changed">
          {first.status === "REVOKED" ? "It is revoked, which is final." : "You may change keys that you created."}
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={`Edit ${first.name}`} trail={trail} lead="All of it is saved at once, or nothing is.">
      <EditKey first={first} />
    </Page>
  );
}

/** Something that waits for an answer of the user. */
type Question = { kind: "lost"; draft: KeyDraft; lost: ReturnType<typeof lostBySaving> } | { kind: "conflict"; theirs: EditedKeyFragment };

function EditKey({ first }: { first: EditedKeyFragment }) {
  const { organization, can } = useViewer();
  const navigate = useNavigate();
  const client = useClient();
  const toast = useToast();
  const [saved, setSaved] = useState(first);
  const base = draftOf(saved);
  const state = useDraft(base);
  const [question, setQuestion] = useState<Question>();
  const [{ fetching }, save] = useMutation(SaveKey);
  const { loaded, error, owners, always, domains } = useOwners();
  const ownerName = useCallback((id: string) => owners.find((owner) => owner.id === id)?.name ?? id, [owners]);
  const leave = () => navigate({ to: "/keys/$keyId", params: { keyId: first.id } });

  /** Sends a draft, as a change of what is known to be saved. */
  const send = async (draft: KeyDraft, known: EditedKeyFragment) => {
    const input = updateInput(known.id, known.version, draftOf(known), draft);
    if (input === undefined) return leave();
    const { data, error: refused } = await save({ input });
    setQuestion(undefined);
    if (data?.updateApiKey) {
      toast(`${data.updateApiKey.apiKey.name} is saved.`);
      return leave();
    }
    if (refused && hasCode(refused, "CONFLICT")) {
      const theirs = await newest(known);
      if (theirs) return setQuestion({ kind: "conflict", theirs });
    }
    if (refused) state.refuse(refused.networkError ? problems(refused) : refused.graphQLErrors);
  };
  /** The key as it is saved now, if that is another version than the known one: other conflicts are about values. */
  const newest = async (known: EditedKeyFragment) => {
    // The first answer may be that of a query that was under way before the other change.
    for (let asked = 0; asked < 2; asked++) {
      const { data } = await client.query(KeyQuery, { id: first.id }, { requestPolicy: "network-only" }).toPromise();
      if (data?.apiKey && data.apiKey.version !== known.version) return data.apiKey;
    }
    return undefined;
  };
  const submit = () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const lost = lostBySaving(base, state.draft);
    if (lost.deleted.length + lost.restarted.length > 0) setQuestion({ kind: "lost", draft: state.draft, lost });
    else void send(state.draft, saved);
  };
  const takeMerged = (merged: KeyDraft, theirs: EditedKeyFragment) => {
    setSaved(theirs);
    state.replace(merged);
    setQuestion(undefined);
  };

  if (!loaded) return error ? <ErrorNote title="What can own a key could not be read." error={error} /> : <PageLoading />;
  return (
    <>
      <KeyForm
        state={state}
        base={base}
        keyId={saved.id}
        owners={owners}
        defaults={withCreator(always, first.createdBy?.removedAt ? undefined : first.createdBy?.email)}
        domains={domains}
        rights={{
          administer: can.administer,
          governance: hasGovernance(organization),
          expiresAtMost: can.administer ? undefined : (saved.expiresAtMost ?? undefined),
        }}
        pending={fetching}
        submit="Save"
        notes={can.administer && hasGovernance(organization) && <WhatIf subjectId={saved.id} state={state} />}
        onSubmit={submit}
        onCancel={leave}
      />
      {question?.kind === "lost" && (
        <ConfirmDialog
          title="Save, and lose what was counted?"
          confirm="Save"
          danger
          pending={fetching}
          onClose={() => setQuestion(undefined)}
          onConfirm={() => send(question.draft, saved)}
        >
          <LostList title="These limits are deleted, with their history:" limits={question.lost.deleted} />
          <LostList title="These budgets start again at zero:" limits={question.lost.restarted} />
        </ConfirmDialog>
      )}
      {question?.kind === "conflict" && (
        <ConflictDialog
          base={base}
          mine={state.draft}
          theirs={draftOf(question.theirs)}
          savedAt={question.theirs.updatedAt}
          ownerName={ownerName}
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

function LostList({ title, limits }: { title: string; limits: string[] }) {
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
