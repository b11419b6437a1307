import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { SubjectLink, subjectKind } from "../../app/SubjectLink";
import { useViewer } from "../../app/viewer";
import type { OrganizationFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote, Note } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { SetRecipientDomains } from "./documents";
import { DomainField } from "./DomainField";
import styles from "./OrganizationPage.module.css";

interface Properties {
  organization: OrganizationFieldsFragment;
}

/** Of which e-mail domains recipients may be added. */
export function RecipientDomainsCard({ organization }: Properties) {
  const { can } = useViewer();
  const [editing, setEditing] = useState(false);
  const { recipientDomains } = organization;
  return (
    <Card
      title="Added recipients"
      actions={
        can.administer && (
          <Button small variant="quiet" icon="edit" onClick={() => setEditing(true)}>
            Change
          </Button>
        )
      }
    >
      <p>{recipientDomains.length === 0 ? "Addresses of any domain." : `Addresses of ${recipientDomains.join(", ")}.`}</p>
      <p className={styles.note}>In the organization, its workspaces and its API keys.</p>
      {editing && <DomainsDialog organization={organization} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function DomainsDialog({ organization, onClose }: Properties & { onClose: () => void }) {
  const [domains, setDomains] = useState<readonly string[]>(organization.recipientDomains);
  const [{ data, error, fetching }, set] = useMutation(SetRecipientDomains);
  const saved = data?.setRecipientDomains;
  const save = async () => {
    const { data: answer } = await set({ input: { organizationId: organization.id, domains: [...domains] } });
    if (answer?.setRecipientDomains?.outsideCount === 0) onClose();
  };
  if (saved && saved.outsideCount > 0) {
    return (
      <Dialog
        title="The domains are saved"
        onClose={onClose}
        actions={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Note
          tone="warning"
          title={saved.outsideCount === 1 ? "1 recipient is outside of them" : `${saved.outsideCount} recipients are outside of them`}
        >
          <p>They were added before, and are written to until somebody removes them.</p>
          <ul>
            {saved.outside.map(({ subjectId, email }) => (
              <li key={`${subjectId} ${email}`}>
                {email}, of <SubjectLink subject={{ id: subjectId, name: subjectKind(subjectId) }} id={subjectId} />
              </li>
            ))}
          </ul>
        </Note>
      </Dialog>
    );
  }
  return (
    <Dialog
      title="Who may be added as recipient"
      description="Whoever adds a recipient, anywhere in the organization, is bound by it."
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
      <DomainField
        label="E-mail domains"
        hint="Without their subdomains, as acme.test. None: any domain."
        error={Object.values(fieldErrors(error)).join(" ")}
        domains={domains}
        onChange={setDomains}
      />
      <ErrorNote title="The domains could not be saved." error={error} shownFields={Object.keys(fieldErrors(error))} />
    </Dialog>
  );
}
