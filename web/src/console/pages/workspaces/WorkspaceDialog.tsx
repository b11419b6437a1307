import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors, hasCode } from "../../app/errors";
import { newRequestId } from "../../app/requestId";
import { useViewer } from "../../app/viewer";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote, Note } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { CreateWorkspace, UpdateWorkspace } from "./documents";

interface Properties {
  /** The workspace to rename; undefined: a new one. */
  workspace?: { id: string; name: string; slug: string; version: number };
  onClose: () => void;
}

/** Creates a workspace, or changes the name and the slug of one. */
export function WorkspaceDialog({ workspace: current, onClose }: Properties) {
  // As it was when the dialog was opened: what others save since is a conflict, and not a version that their change may be overwritten with.
  const [workspace] = useState(current);
  const { organization } = useViewer();
  const navigate = useNavigate();
  const show = useToast();
  const [name, setName] = useState(workspace?.name ?? "");
  const [slug, setSlug] = useState(workspace?.slug ?? "");
  const [requestId] = useState(() => newRequestId());
  const [created, create] = useMutation(CreateWorkspace);
  const [updated, update] = useMutation(UpdateWorkspace);
  const { error, fetching } = workspace ? updated : created;
  const errors = fieldErrors(error);

  const save = async () => {
    if (workspace) {
      const { data } = await update({ input: { id: workspace.id, expectedVersion: workspace.version, name, slug } });
      if (!data?.updateWorkspace) return;
      show(`${name} is saved.`);
      onClose();
    } else {
      const { data } = await create({ input: { organizationId: organization.id, name, slug: slug === "" ? null : slug, requestId } });
      if (!data?.createWorkspace) return;
      show(`${name} is created.`);
      onClose();
      await navigate({ to: "/workspaces/$workspaceId", params: { workspaceId: data.createWorkspace.workspace.id } });
    }
  };

  return (
    <Dialog
      title={workspace ? `Rename ${workspace.name}` : "New workspace"}
      description={workspace ? undefined : "It begins without keys and limits."}
      onClose={onClose}
      onSubmit={save}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            {workspace ? "Save" : "Create workspace"}
          </Button>
        </>
      }
    >
      <Field label="Name" required error={errors.name}>
        <TextInput value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field
        label="Slug"
        required={workspace !== undefined}
        error={errors.slug}
        hint={`Lower-case letters, digits and hyphens.${workspace ? "" : " Made from the name when left empty."}`}
      >
        <TextInput value={slug} autoComplete="off" spellCheck={false} onChange={(event) => setSlug(event.target.value)} />
      </Field>
      {workspace && hasCode(error, "CONFLICT") && errors.slug === undefined ? (
        <Note tone="warning" title="Somebody else has changed this workspace">
          <p>Close this dialog to see what it is now, and change it again if you still want to.</p>
        </Note>
      ) : (
        <ErrorNote title="The workspace could not be saved." error={error} shownFields={["name", "slug"]} />
      )}
    </Dialog>
  );
}
