import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors, hasCode } from "../../app/errors";
import type { OrganizationFieldsFragment, Plan } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select, Switch, TextInput } from "../../ui/Inputs";
import { ErrorNote, Note } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { UpdateOrganization } from "./documents";
import { DomainField } from "./DomainField";

const plans: { value: Plan; label: string }[] = [
  { value: "FREE", label: "Free" },
  { value: "PRO", label: "Pro" },
  { value: "ENTERPRISE", label: "Enterprise" },
];

/** What the operator alone sets: name, plan, governance of a PRO organization, and whose addresses need no invitation. */
export function OperatorDialog({ organization: current, onClose }: { organization: OrganizationFieldsFragment; onClose: () => void }) {
  // As it was when the dialog was opened: what others save since is a conflict, and not a version that their change may be overwritten with.
  const [organization] = useState(current);
  const show = useToast();
  const [name, setName] = useState(organization.name);
  const [plan, setPlan] = useState(organization.plan);
  const [governanceEnabled, setGovernanceEnabled] = useState(organization.governanceEnabled);
  const [memberDomains, setMemberDomains] = useState<readonly string[]>(organization.memberDomains);
  const [{ error, fetching }, update] = useMutation(UpdateOrganization);
  const errors = fieldErrors(error);
  const save = async () => {
    const { data } = await update({
      input: {
        id: organization.id,
        expectedVersion: organization.version,
        name,
        plan,
        governanceEnabled,
        memberDomains: [...memberDomains],
      },
    });
    if (!data?.updateOrganization) return;
    show(`${name} is saved.`);
    onClose();
  };
  return (
    <Dialog
      title={`${organization.name}, as operator`}
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Save
          </Button>
        </>
      }
    >
      <Field label="Name" required error={errors.name}>
        <TextInput value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Plan" hint="Limits go on being enforced whatever it becomes." error={errors.plan}>
        <Select value={plan} options={plans} onChange={setPlan} />
      </Field>
      <Switch
        label="Limits with the plan Pro"
        hint="Decides nothing for the other plans."
        checked={governanceEnabled}
        onChange={setGovernanceEnabled}
      />
      <DomainField
        label="E-mail domains without invitation"
        hint="Whoever an administrator adds with such an address is a member at once."
        error={errors.memberDomains}
        domains={memberDomains}
        onChange={setMemberDomains}
      />
      {hasCode(error, "CONFLICT") ? (
        <Note tone="warning" title="Somebody else has changed this organization">
          <p>Close this dialog to see what it is now, and change it again if you still want to.</p>
        </Note>
      ) : (
        <ErrorNote title="The organization could not be saved." error={error} shownFields={["name", "plan", "memberDomains"]} />
      )}
    </Dialog>
  );
}
