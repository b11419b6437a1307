import { useMemo, useState } from "react";
import { useMutation } from "urql";
import { hasCode } from "../../../app/errors";
import type { EditedKeyFragment, RotateKeyMutation } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Inputs";
import { ErrorNote, Note } from "../../../ui/Note";
import { RotateKey } from "../documents";
import { requestIds } from "../requestId";

export type Rotated = NonNullable<RotateKeyMutation["rotateApiKey"]>;

/** For how long the old secret goes on working, in seconds. */
const overlaps = [
  { value: "0", label: "Not at all" },
  { value: "1800", label: "30 minutes" },
  { value: "14400", label: "4 hours" },
  { value: "86400", label: "A day" },
  { value: "604800", label: "A week" },
];

interface Properties {
  apiKey: EditedKeyFragment;
  /** The prefix of a secret whose answer was lost: that one ends now, and the one before it goes on working. */
  lost?: string;
  onClose: () => void;
  onRotated: (rotated: Rotated) => void;
}

/** Gives a key a new secret; the old one works for as long as is chosen. */
export function RotateDialog({ apiKey, lost, onClose, onRotated }: Properties) {
  const [overlap, setOverlap] = useState("1800");
  const [{ fetching, error }, rotate] = useMutation(RotateKey);
  const requestId = useMemo(requestIds, []);
  const submit = async () => {
    const input = {
      id: apiKey.id,
      transitionSeconds: Number(overlap),
      expectedPrefix: lost ?? apiKey.prefix,
      ...(lost === undefined ? {} : { secretLost: true }),
    };
    const { data } = await rotate({ input: { ...input, requestId: requestId(input) } });
    if (!data?.rotateApiKey) return;
    onRotated(data.rotateApiKey);
    onClose();
  };
  return (
    <Dialog
      title={`Rotate the secret of ${apiKey.name}`}
      description="The key gets a new secret, which is shown once. Its id, limits and counters stay."
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Rotate
          </Button>
        </>
      }
    >
      <Field
        label="The old secret goes on working"
        hint="Long enough for everything that uses it to get the new one. A second rotation meanwhile ends it."
      >
        <Select value={overlap} options={overlaps} onChange={setOverlap} />
      </Field>
      {overlap === "0" && <Note tone="warning">Whoever uses the old secret is refused at once.</Note>}
      {hasCode(error, "CONFLICT") && (
        <Note tone="warning">Somebody rotated it meanwhile: close this, look at the prefix, and rotate again if you still want to.</Note>
      )}
      <ErrorNote title="It was not rotated." error={error} />
    </Dialog>
  );
}
