import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { MemberFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote, Note } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { UpdateMember } from "./documents";
import { RoleField } from "./RoleField";

/** Changes what a member is called and what they may do. */
export function EditMemberDialog({ member, onClose }: { member: MemberFieldsFragment; onClose: () => void }) {
  const { member: self } = useViewer();
  const show = useToast();
  const [name, setName] = useState(member.name ?? "");
  const [role, setRole] = useState(member.role);
  const [{ error, fetching }, update] = useMutation(UpdateMember);
  const errors = fieldErrors(error);
  const save = async () => {
    const input = { id: member.id, ...(name.trim() !== (member.name ?? "") && { name: name.trim() }), ...(role !== member.role && { role }) };
    if (Object.keys(input).length === 1) return onClose();
    const { data } = await update({ input });
    if (!data?.updateMember) return;
    show(`${member.email} is saved.`);
    onClose();
  };
  return (
    <Dialog
      title={member.email}
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
      <Field label="Name" error={errors.name}>
        <TextInput value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <RoleField role={role} onChange={setRole} error={errors.role} />
      {member.id === self?.id && role !== member.role && (
        <Note tone="warning" title="This is you">
          <p>The change holds with your next request, and somebody else has to take it back.</p>
        </Note>
      )}
      <ErrorNote title="The member could not be changed." error={error} shownFields={["name", "role"]} />
    </Dialog>
  );
}
