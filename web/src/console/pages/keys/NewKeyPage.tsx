import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMutation } from "urql";
import { problems } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { CreateKeyMutation } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ErrorNote, Note } from "../../ui/Note";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { CreateKey } from "./documents";
import { newDraft } from "./form/draft";
import { createInput } from "./form/input";
import { KeyForm } from "./form/KeyForm";
import { useDraft } from "./form/useDraft";
import { hasGovernance } from "./governance";
import { requestIds } from "./requestId";
import { SecretPanel } from "./SecretPanel";
import { useOwners, withCreator } from "./useOwners";

const route = getRouteApi("/shell/keys/new");
type Created = NonNullable<CreateKeyMutation["createApiKey"]>;

/** A new key: the form, then its secret. */
export function NewKeyPage() {
  const { can } = useViewer();
  const [created, setCreated] = useState<Created>();
  const trail = <Link to="/keys">API keys</Link>;
  if (!can.createKeys) {
    return (
      <Page title="New API key" trail={trail}>
        <Empty title="You may not create keys">Members, admins and owners of the organization create keys.</Empty>
      </Page>
    );
  }
  if (created === undefined) {
    return (
      <Page title="New API key" trail={trail} lead="A key with its limits and recipients, made as a whole. Its secret is shown once.">
        <NewKey onCreated={setCreated} />
      </Page>
    );
  }
  const { apiKey, secret, message } = created;
  return (
    <Page
      title={`${apiKey.name} is made`}
      trail={trail}
      actions={
        <ButtonLink variant="primary" to="/keys/$keyId" params={{ keyId: apiKey.id }}>
          Open the key
        </ButtonLink>
      }
    >
      <SecretPanel secret={secret} message={message} />
    </Page>
  );
}

function NewKey({ onCreated }: { onCreated: (created: Created) => void }) {
  const { organization, member, can } = useViewer();
  const { owner } = route.useSearch();
  const navigate = useNavigate();
  const state = useDraft(newDraft(owner ?? organization.id));
  const { loaded, error, owners, always, domains } = useOwners();
  const [{ fetching }, create] = useMutation(CreateKey);
  const [unanswered, setUnanswered] = useState(false);
  const requestId = useMemo(requestIds, []);

  const submit = async () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const input = createInput(state.draft);
    const { data, error: refused } = await create({ input: { ...input, requestId: requestId(input) } });
    setUnanswered(refused?.networkError !== undefined);
    if (data?.createApiKey) onCreated(data.createApiKey);
    else if (refused) state.refuse(refused.networkError ? problems(refused) : refused.graphQLErrors);
  };
  if (!loaded) return error ? <ErrorNote title="What can own a key could not be read." error={error} /> : <PageLoading />;
  return (
    <KeyForm
      state={state}
      base={undefined}
      owners={owners}
      defaults={withCreator(always, member?.email)}
      domains={domains}
      rights={{ administer: can.administer, governance: hasGovernance(organization) }}
      pending={fetching}
      submit="Create key"
      notes={unanswered && <Note tone="warning" title="There was no answer">Create it again: if it was made, it is not made twice.</Note>}
      onSubmit={submit}
      onCancel={() => navigate({ to: "/keys" })}
    />
  );
}
