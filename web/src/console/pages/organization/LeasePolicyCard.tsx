import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { OrganizationFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Switch, TextInput } from "../../ui/Inputs";
import { ErrorNote, Note } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { useToast } from "../../ui/Toast";
import { SetLeasePolicy } from "./documents";
import { durationText, readBound } from "./holds";
import styles from "./OrganizationPage.module.css";

interface Properties {
  organization: OrganizationFieldsFragment;
}

/** Whether gateways may decide calls by themselves, for how long, and whether they may merge events. */
export function LeasePolicyCard({ organization }: Properties) {
  const { can } = useViewer();
  const [editing, setEditing] = useState(false);
  const { leasesAllowed, leaseSecondsMost, mergesAllowed } = organization;
  return (
    <Card
      title="Leases of gateways"
      actions={
        can.administer && (
          <Button small variant="quiet" icon="edit" onClick={() => setEditing(true)}>
            Change
          </Button>
        )
      }
    >
      <dl className={styles.facts}>
        <div>
          <dt>Gateways may decide calls out of leases</dt>
          <dd>{leasesAllowed ? `yes, for ${durationText(leaseSecondsMost)} at most` : "no, each call is asked for"}</dd>
        </div>
        <div>
          <dt>Events of several calls</dt>
          <dd>{leasesAllowed && mergesAllowed ? "allowed" : "no, each call has its own"}</dd>
        </div>
      </dl>
      {editing && <LeasePolicyDialog organization={organization} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function LeasePolicyDialog({ organization, onClose }: Properties & { onClose: () => void }) {
  const show = useToast();
  const [allowed, setAllowed] = useState(organization.leasesAllowed);
  const [merges, setMerges] = useState(organization.mergesAllowed);
  const [seconds, setSeconds] = useState(String(organization.leaseSecondsMost));
  const [wrong, setWrong] = useState<string>();
  const [{ error, fetching }, set] = useMutation(SetLeasePolicy);
  const errors = fieldErrors(error) as Record<string, string | undefined>;
  const save = async () => {
    const ttlSecondsMost = readBound(seconds, 1, 60);
    setWrong(ttlSecondsMost == null ? "A whole number, 1 to 60." : undefined);
    if (ttlSecondsMost == null) return;
    const { data } = await set({ input: { organizationId: organization.id, allowed, ttlSecondsMost, mergesAllowed: merges } });
    if (!data?.setLeasePolicy) return;
    show("Saved. It holds with the next lease.");
    onClose();
  };
  return (
    <Dialog
      title="Leases of gateways"
      description="With a lease a gateway asks once for some seconds, and decides calls by itself meanwhile. No limit is ever passed."
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
      <Switch
        label="Allow leases"
        hint="Each gateway's operator switches them on, too. Off: no new lease is granted; those there are end within a minute."
        checked={allowed}
        onChange={setAllowed}
      />
      {allowed && (
        <>
          <Field
            label="Longest time of a lease"
            hint="10 for a start. As long a gateway may go on with a key that was disabled, revoked or has expired."
            error={wrong ?? errors.ttlSecondsMost}
          >
            <TextInput numeric suffix="seconds" value={seconds} onChange={(event) => setSeconds(event.target.value)} />
          </Field>
          <Switch
            label="Allow events of several calls"
            hint="Gateways may then record calls of one key and model as one event. Sums stay exact; the ledger has no row for each call."
            checked={merges}
            onChange={setMerges}
          />
          <Note title="What leases give up">
            <p>
              A key that is disabled works at a gateway until its lease ends. A limit that is lowered or new counts from the next lease on. Near
              the end of a budget one gateway may be denied for seconds what another one holds and does not use.
            </p>
          </Note>
        </>
      )}
      <ErrorNote title="The leases could not be changed." error={error} shownFields={["ttlSecondsMost"]} />
    </Dialog>
  );
}
