import { useState } from "react";
import { useMutation } from "urql";
import { problems } from "../../app/errors";
import type { KeyRowFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { SwitchKey } from "./documents";
import styles from "./KeysPage.module.css";

/** What can be done with the keys that are chosen. */
export function BulkDisable({ chosen, onClear }: { chosen: readonly KeyRowFragment[]; onClear: () => void }) {
  const toast = useToast();
  // What is asked about, as it was then: keys that are disabled one after the other may leave the list meanwhile.
  const [asked, setAsked] = useState<readonly KeyRowFragment[]>();
  const [done, setDone] = useState<number>();
  const [failed, setFailed] = useState<string[]>([]);
  const [, save] = useMutation(SwitchKey);
  const open = asked ?? chosen.filter((key) => key.enabled && key.status !== "REVOKED");

  /** One after the other: each is a change of its own, and one that fails keeps none of the others. */
  const disable = async () => {
    const wrong: string[] = [];
    for (const [index, key] of open.entries()) {
      setDone(index);
      const { error } = await save({ input: { id: key.id, enabled: false } });
      if (error) wrong.push(`${key.name}: ${problems(error)[0]?.message}`);
    }
    setDone(undefined);
    setFailed(wrong);
    if (wrong.length > 0) return;
    setAsked(undefined);
    onClear();
    toast(open.length === 1 ? "1 key is disabled." : `${open.length} keys are disabled.`);
  };
  if (chosen.length === 0 && asked === undefined) return null;
  return (
    <div className={styles.chosen} role="region" aria-label="Chosen keys">
      <strong>{chosen.length} chosen</strong>
      <Button small disabled={open.length === 0} onClick={() => setAsked(open)}>
        Disable…
      </Button>
      <Button small variant="quiet" onClick={onClear}>
        Clear
      </Button>
      {asked && (
        <ConfirmDialog
          title={open.length === 1 ? "Disable this key?" : `Disable ${open.length} keys?`}
          description="They are refused at once, and what their requests hold is given back. They can be enabled again."
          confirm={done === undefined ? "Disable" : `Disabling ${done + 1} of ${open.length}…`}
          pending={done !== undefined}
          onClose={() => done === undefined && setAsked(undefined)}
          onConfirm={disable}
        >
          <p>{open.map((key) => key.name).join(", ")}</p>
          {failed.length > 0 && (
            <Note tone="danger" title="Not disabled">
              <ul>
                {failed.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </Note>
          )}
        </ConfirmDialog>
      )}
    </div>
  );
}
