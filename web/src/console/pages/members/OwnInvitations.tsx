import { useMutation, useQuery } from "urql";
import { useSession } from "../../app/SessionProvider";
import { Button } from "../../ui/Button";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { useToast } from "../../ui/Toast";
import { AcceptMembership, DeclineMembership, OwnInvitations as Query } from "./documents";
import styles from "./OwnInvitations.module.css";
import { memberRoles } from "./roles";

/** Where the person who signed in is invited; nothing when they are not. */
export function OwnInvitations() {
  const { chooseOrganization } = useSession();
  const show = useToast();
  const [{ data }, retry] = useQuery({ query: Query, requestPolicy: "network-only" });
  const [accepted, accept] = useMutation(AcceptMembership);
  const [declined, decline] = useMutation(DeclineMembership);
  const pending = accepted.fetching || declined.fetching;
  const invitations = data?.viewer?.invitations ?? [];
  if (invitations.length === 0) return null;

  const acceptOne = async (organization: { id: string; name: string }) => {
    const { data: answer } = await accept({ input: { organizationId: organization.id } });
    if (!answer?.acceptMembership) return;
    show(`You are a member of ${organization.name}.`);
    chooseOrganization(organization.id);
  };
  const declineOne = async (organization: { id: string; name: string }) => {
    const { data: answer } = await decline({ input: { organizationId: organization.id } });
    if (!answer?.declineMembership) return;
    show(`The invitation to ${organization.name} is declined.`);
    retry({ requestPolicy: "network-only" });
  };
  return (
    <Card title="You are invited">
      <ul className={styles.invitations}>
        {invitations.map(({ role, organization }) => (
          <li key={organization.id}>
            <span className={styles.what}>
              <strong>{organization.name}</strong> as {memberRoles[role].name.toLowerCase()}
            </span>
            <Button pending={pending} onClick={() => void declineOne(organization)}>
              Decline
            </Button>
            <Button variant="primary" pending={pending} onClick={() => void acceptOne(organization)}>
              Accept
            </Button>
          </li>
        ))}
      </ul>
      <ErrorNote title="The invitation could not be answered." error={accepted.error ?? declined.error} />
    </Card>
  );
}
