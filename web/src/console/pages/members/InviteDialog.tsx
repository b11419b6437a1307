import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { MemberRole } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Checkbox, TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { AddMember } from "./documents";
import { RoleField } from "./RoleField";

/** Adds a person; where people sign in they are invited, and a member when they accept. */
export function InviteDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { organization, can } = useViewer();
  const show = useToast();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<MemberRole>("MEMBER");
  const [invite, setInvite] = useState(false);
  const [{ error, fetching }, add] = useMutation(AddMember);
  const errors = fieldErrors(error);
  const save = async () => {
    const input = { organizationId: organization.id, email: email.trim(), name: name.trim() === "" ? null : name.trim(), role, invite };
    const { data } = await add({ input });
    if (!data?.addMember) return;
    const { status } = data.addMember.member;
    show(status === "INVITED" ? `${email} is invited. Bursar sends no mail about it: tell them.` : `${email} is a member.`);
    onAdded();
    onClose();
  };
  return (
    <Dialog
      title="Add member"
      description="Where people sign in, they are invited and become members when they accept. Bursar sends no mail about an invitation: tell them."
      onClose={onClose}
      onSubmit={save}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Add member
          </Button>
        </>
      }
    >
      <Field label="Email address" required error={errors.email}>
        <TextInput type="email" value={email} autoComplete="off" onChange={(event) => setEmail(event.target.value)} />
      </Field>
      <Field label="Name" error={errors.name}>
        <TextInput value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <RoleField role={role} onChange={setRole} error={errors.role} />
      {can.operate && (
        <Checkbox
          label="Invite them, as an administrator would"
          hint="Otherwise the operator makes them a member at once."
          checked={invite}
          onChange={setInvite}
        />
      )}
      <ErrorNote title="The member could not be added." error={error} shownFields={["email", "name", "role"]} />
    </Dialog>
  );
}
