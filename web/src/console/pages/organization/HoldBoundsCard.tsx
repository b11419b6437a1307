import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { OrganizationFieldsFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { useToast } from "../../ui/Toast";
import { SetHoldBounds } from "./documents";
import styles from "./OrganizationPage.module.css";
import { durationText, readBound } from "./holds";

interface Properties {
  organization: OrganizationFieldsFragment;
}

/** How much, and for how long, one API key may hold in requests in flight. */
export function HoldBoundsCard({ organization }: Properties) {
  const { can } = useViewer();
  const [editing, setEditing] = useState(false);
  const { keyHoldPercent, keyHoldSeconds } = organization;
  return (
    <Card
      title="Holds of one key"
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
          <dt>Of the smallest budget of the organization and its workspace</dt>
          <dd>{keyHoldPercent == null ? "all of it" : `${keyHoldPercent}%`}</dd>
        </div>
        <div>
          <dt>For how long, unless the gateway extends it</dt>
          <dd>{keyHoldSeconds == null ? "a day" : durationText(keyHoldSeconds)}</dd>
        </div>
      </dl>
      {editing && <HoldBoundsDialog organization={organization} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function HoldBoundsDialog({ organization, onClose }: Properties & { onClose: () => void }) {
  const show = useToast();
  const [percent, setPercent] = useState(organization.keyHoldPercent?.toString() ?? "");
  const [seconds, setSeconds] = useState(organization.keyHoldSeconds?.toString() ?? "");
  const [wrong, setWrong] = useState<{ keyPercent?: string; keySeconds?: string }>({});
  const [{ error, fetching }, set] = useMutation(SetHoldBounds);
  const errors = { ...fieldErrors(error), ...wrong } as Record<string, string | undefined>;
  const save = async () => {
    const keyPercent = readBound(percent, 1, 100);
    const keySeconds = readBound(seconds, 1, 86_400);
    const found = {
      ...(keyPercent === undefined && { keyPercent: "A whole number, 1 to 100." }),
      ...(keySeconds === undefined && { keySeconds: "A whole number, 1 to 86400." }),
    };
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    const { data } = await set({ input: { organizationId: organization.id, keyPercent, keySeconds } });
    if (!data?.setHoldBounds) return;
    show("The bounds are saved, and hold with the next decision.");
    onClose();
  };
  return (
    <Dialog
      title="What one key may hold"
      description="So that a key whose secret has leaked, or a gateway with a fault, cannot hold the whole budget. It ends no hold that there is."
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
      <Field
        label="Share of the smallest budget"
        hint="Empty: all of it. 20 for a start; as low as the requests in flight of the busiest key allow."
        error={errors.keyPercent}
      >
        <TextInput numeric suffix="%" value={percent} onChange={(event) => setPercent(event.target.value)} />
      </Field>
      <Field
        label="Time of a hold"
        hint="Empty: a day. 900 is recommended; a longer ttlSeconds of a gateway is shortened to it."
        error={errors.keySeconds}
      >
        <TextInput numeric suffix="seconds" value={seconds} onChange={(event) => setSeconds(event.target.value)} />
      </Field>
      <ErrorNote title="The bounds could not be saved." error={error} shownFields={["keyPercent", "keySeconds"]} />
    </Dialog>
  );
}
