import type { ReactNode } from "react";
import { useMutation } from "urql";
import { graphql } from "../gql";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { ErrorNote } from "../ui/Note";
import { Card, Page } from "../ui/Page";
import styles from "./NothingToSee.module.css";
import { useSession } from "./SessionProvider";

/** A page of those who have no shell around it. */
export function Alone({ children }: { children: ReactNode }) {
  return <main>{children}</main>;
}

/** For the bearer of a gateway's token, who may read nothing. */
export function GatewayToken() {
  const { signOut } = useSession();
  return (
    <Alone>
      <Page title="This token is a gateway’s">
        <Empty
          title="A gateway’s token checks, reserves and records, and reads nothing"
          action={<Button onClick={signOut}>Use another token</Button>}
        >
          Sign in with a token of the role ADMIN or VIEWER, or of the role OWNER that is bound to you.
        </Empty>
      </Page>
    </Alone>
  );
}

interface Invitation {
  role: string;
  organization: { id: string; name: string; slug: string };
}

const Accept = graphql(`
  mutation AcceptInvitation($input: AcceptMembershipInput!) {
    acceptMembership(input: $input) {
      membership {
        role
        organization {
          id
        }
      }
    }
  }
`);

const Decline = graphql(`
  mutation DeclineInvitation($input: DeclineMembershipInput!) {
    declineMembership(input: $input) {
      organizationId
    }
  }
`);

/** For somebody who is a member of no organization: where they are invited, if anywhere. */
export function NoOrganization({ invitations, onChange }: { invitations: readonly Invitation[]; onChange: () => void }) {
  const { signOut, chooseOrganization } = useSession();
  const [accepting, accept] = useMutation(Accept);
  const [declining, decline] = useMutation(Decline);
  const pending = accepting.fetching || declining.fetching;
  return (
    <Alone>
      <Page title={invitations.length > 0 ? "You are invited" : "No organization"} actions={<Button onClick={signOut}>Sign out</Button>}>
        <ErrorNote title="The invitation could not be answered." error={accepting.error ?? declining.error} />
        {invitations.length === 0 && (
          <Empty title="There is no organization to show">
            An administrator of your organization has to add you, with the address that you sign in with.
          </Empty>
        )}
        {invitations.map(({ role, organization }) => (
          <Card key={organization.id}>
            <div className={styles.invitation}>
              <div>
                <strong>{organization.name}</strong>
                <p>as {role.toLowerCase()}</p>
              </div>
              <Button
                pending={pending}
                onClick={async () => (await decline({ input: { organizationId: organization.id } })).data && onChange()}
              >
                Decline
              </Button>
              <Button
                variant="primary"
                pending={pending}
                onClick={async () =>
                  (await accept({ input: { organizationId: organization.id } })).data && chooseOrganization(organization.id)
                }
              >
                Accept
              </Button>
            </div>
          </Card>
        ))}
      </Page>
    </Alone>
  );
}
