import { useMutation } from "urql";
import { useSession } from "../../app/SessionProvider";
import { useViewer } from "../../app/viewer";
import { ConfirmDialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/Note";
import { LeaveOrganization } from "./documents";

/** Ends the viewer's own membership, and goes to another organization of theirs, or to the sign-in. */
export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { organization, choices } = useViewer();
  const { chooseOrganization, signOut } = useSession();
  const [{ error, fetching }, leave] = useMutation(LeaveOrganization);
  const confirm = async () => {
    const { data } = await leave({ input: { organizationId: organization.id } });
    if (!data?.leaveOrganization) return;
    const other = choices.find(({ id }) => id !== organization.id);
    if (other) chooseOrganization(other.id);
    else signOut();
  };
  return (
    <ConfirmDialog
      title={`Leave ${organization.name}?`}
      description={
        "You see nothing of it any more, and an administrator has to invite you to come back. " +
        "API keys and access tokens that you made go on working."
      }
      confirm="Leave"
      danger
      pending={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <ErrorNote title="You could not leave." error={error} />
    </ConfirmDialog>
  );
}
