import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation } from "urql";
import { problems } from "../../../app/errors";
import { useViewer } from "../../../app/viewer";
import { Empty } from "../../../ui/Empty";
import { Page } from "../../../ui/Page";
import { useToast } from "../../../ui/Toast";
import { useDraft } from "../../keys/form/useDraft";
import { hasGovernance } from "../../keys/governance";
import { useOwners } from "../../keys/useOwners";
import { CreatePolicy } from "../documents";
import { createPolicyInput, newPolicyDraft } from "./part";
import { PolicyForm } from "./PolicyForm";

const trail = <Link to="/policies">Policies</Link>;

/** Makes a policy. */
export function NewPolicyPage() {
  const { can, organization } = useViewer();
  const { owners } = useOwners();
  const navigate = useNavigate();
  const show = useToast();
  const [initial] = useState(() => newPolicyDraft(organization.id));
  const state = useDraft(initial);
  const [{ fetching }, create] = useMutation(CreatePolicy);
  const submit = async () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const { data, error } = await create({ input: createPolicyInput(state.draft) });
    const made = data?.createPolicy?.policy;
    if (made) {
      show(`${made.name} is created.`);
      return void navigate({ to: "/policies/$policyId", params: { policyId: made.id }, search: {} });
    }
    if (error) state.refuse(error.networkError ? problems(error) : error.graphQLErrors);
  };
  if (!can.administer) {
    return (
      <Page title="New policy" trail={trail}>
        <Empty title="Policies are made by owners and admins" />
      </Page>
    );
  }
  return (
    <Page
      title="New policy"
      trail={trail}
      lead="Limits of all requests that meet conditions, across API keys, besides the limits of the keys themselves."
    >
      <PolicyForm
        state={state}
        base={undefined}
        owners={owners}
        governance={hasGovernance(organization)}
        pending={fetching}
        submit="Create policy"
        onSubmit={() => void submit()}
        onCancel={() => void navigate({ to: "/policies" })}
      />
    </Page>
  );
}
