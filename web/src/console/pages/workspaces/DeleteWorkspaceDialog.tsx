import { Link } from "@tanstack/react-router";
import { useMutation } from "urql";
import { hasCode } from "../../app/errors";
import { ConfirmDialog } from "../../ui/Dialog";
import { ErrorNote, Note } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { DeleteWorkspace } from "./documents";

interface Properties {
  workspace: { id: string; name: string };
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks, and deletes a workspace; the server refuses while it owns keys that are not revoked. */
export function DeleteWorkspaceDialog({ workspace, onClose, onDeleted }: Properties) {
  const show = useToast();
  const [{ error, fetching }, remove] = useMutation(DeleteWorkspace);
  const confirm = async () => {
    const { data } = await remove({ input: { id: workspace.id } });
    if (!data?.deleteWorkspace) return;
    show(`${workspace.name} is deleted.`);
    onClose();
    onDeleted?.();
  };
  return (
    <ConfirmDialog
      title={`Delete ${workspace.name}?`}
      description="Its limits and recipients are deleted. Usage, alerts, the audit log and its revoked keys stay."
      confirm="Delete workspace"
      danger
      pending={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {hasCode(error, "CONFLICT") ? (
        <Note tone="warning" title="It still owns API keys">
          <p>
            {error?.graphQLErrors[0]?.message} <Link to="/keys" search={{ owner: workspace.id }}>Show its keys</Link>
          </p>
        </Note>
      ) : (
        <ErrorNote title="The workspace could not be deleted." error={error} />
      )}
    </ConfirmDialog>
  );
}
