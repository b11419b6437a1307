import { useState } from "react";
import { useClient, useMutation } from "urql";
import { hasCode, problems } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { SubjectLimitsFragment } from "../../gql/graphql";
import { ConfirmDialog } from "../../ui/Dialog";
import { useToast } from "../../ui/Toast";
import { ConflictDialog } from "../keys/form/ConflictDialog";
import type { KeyDraft } from "../keys/form/draft";
import { lostBySaving } from "../keys/form/removals";
import { useDraft } from "../keys/form/useDraft";
import type { DefaultRecipient } from "../keys/form/Recipients";
import { hasGovernance } from "../keys/governance";
import { SetLimits, SubjectQuery } from "./documents";
import { LimitsForm } from "./LimitsForm";
import { limitsDraft, limitsInput } from "./subject";
import { WhatIf } from "./whatIf/WhatIf";

/** Something that waits for an answer of the user. */
type Question = { kind: "lost"; lost: ReturnType<typeof lostBySaving> } | { kind: "conflict"; theirs: SubjectLimitsFragment };

interface Properties {
  /** As it was read when the form was opened: what others save since is a conflict. */
  first: SubjectLimitsFragment;
  noun: string;
  domains: readonly string[];
  onDone: () => void;
}

/** Edits the limits of a subject, and settles what somebody else has saved meanwhile. */
export function EditLimits({ first, noun, domains, onDone }: Properties) {
  const { organization } = useViewer();
  const client = useClient();
  const show = useToast();
  const [saved, setSaved] = useState(first);
  const [question, setQuestion] = useState<Question>();
  const [{ fetching }, save] = useMutation(SetLimits);
  const base = limitsDraft(saved);
  const state = useDraft(base);
  const defaults = saved.recipients.filter((one): one is typeof one & DefaultRecipient => one.source !== "ADDED");

  const send = async (draft: KeyDraft, known: SubjectLimitsFragment) => {
    const input = limitsInput(known.id, known.version, limitsDraft(known), draft);
    if (input === undefined) return onDone();
    const { data, error } = await save({ input });
    setQuestion(undefined);
    if (data?.setLimits) {
      show(`The limits of ${known.name} are saved.`);
      return onDone();
    }
    if (error && hasCode(error, "CONFLICT")) {
      const theirs = await newest(known);
      if (theirs) return setQuestion({ kind: "conflict", theirs });
    }
    if (error) state.refuse(error.networkError ? problems(error) : error.graphQLErrors);
  };
  /** What is saved now, if that is another version: other conflicts are about values. */
  const newest = async (known: SubjectLimitsFragment) => {
    // The first answer may be that of a query that was under way before the other change.
    for (let asked = 0; asked < 2; asked++) {
      const { data } = await client.query(SubjectQuery, { id: known.id }, { requestPolicy: "network-only" }).toPromise();
      const node = data?.node;
      const found = node?.__typename === "Organization" || node?.__typename === "Workspace" ? node : undefined;
      if (found && found.version !== known.version) return found;
    }
    return undefined;
  };
  const submit = () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const lost = lostBySaving(base, state.draft);
    if (lost.deleted.length + lost.restarted.length > 0) setQuestion({ kind: "lost", lost });
    else void send(state.draft, saved);
  };
  const takeMerged = (merged: KeyDraft, theirs: SubjectLimitsFragment) => {
    setSaved(theirs);
    state.replace(merged);
    setQuestion(undefined);
  };

  return (
    <>
      <LimitsForm
        state={state}
        base={base}
        noun={noun}
        defaults={defaults}
        domains={domains}
        governance={hasGovernance(organization)}
        pending={fetching}
        notes={hasGovernance(organization) && <WhatIf subjectId={saved.id} state={state} />}
        onSubmit={submit}
        onCancel={onDone}
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
          <Lost title="These limits are deleted, with their history:" limits={question.lost.deleted} />
          <Lost title="These budgets start again at zero:" limits={question.lost.restarted} />
        </ConfirmDialog>
      )}
      {question?.kind === "conflict" && (
        <ConflictDialog
          noun={noun}
          base={base}
          mine={state.draft}
          theirs={limitsDraft(question.theirs)}
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
