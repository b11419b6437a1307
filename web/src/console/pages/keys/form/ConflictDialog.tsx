import { useMemo, useState } from "react";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Status } from "../../../ui/Status";
import styles from "./ConflictDialog.module.css";
import type { KeyDraft } from "./draft";
import { differences, merge, proposed, type Difference, type Side } from "./merge";

interface Properties {
  /** What both edited. Default: key. */
  noun?: string;
  base: KeyDraft;
  mine: KeyDraft;
  theirs: KeyDraft;
  /** When theirs was saved. */
  savedAt: string;
  ownerName: (id: string) => string;
  pending: boolean;
  /** Saves what was chosen, on top of theirs. */
  onSave: (merged: KeyDraft) => void;
  /** Goes on editing with what was chosen. */
  onEdit: (merged: KeyDraft) => void;
  onClose: () => void;
}

/** Somebody else has saved the key meanwhile: both versions, and a choice for each difference. */
export function ConflictDialog({ noun = "key", base, mine, theirs, savedAt, ownerName, pending, onSave, onEdit, onClose }: Properties) {
  const found = useMemo(() => differences(base, mine, theirs, ownerName), [base, mine, theirs, ownerName]);
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const sideOf = (difference: Difference) => chosen[difference.key] ?? proposed(difference);
  const merged = () => {
    const sides = new Map(found.map((difference) => [difference.key, sideOf(difference)]));
    return merge(base, mine, theirs, (key) => sides.get(key));
  };
  const all = (side: Side) => setChosen(Object.fromEntries(found.map((difference) => [difference.key, side])));

  return (
    <Dialog
      wide
      title={`Somebody else changed this ${noun}`}
      description={
        `It was saved ${new Date(savedAt).toLocaleTimeString("en", { timeStyle: "medium" })}, after you opened it. ` +
        "Nothing of yours is saved yet. Choose what holds where the two differ."
      }
      onClose={onClose}
      onSubmit={() => onSave(merged())}
      actions={
        <>
          <Button onClick={() => onEdit(merged())}>Go on editing</Button>
          <Button type="submit" variant="primary" pending={pending}>
            Save what is chosen
          </Button>
        </>
      }
    >
      {found.length === 0 && <p>Both say the same now: there is nothing to choose.</p>}
      {found.length > 1 && (
        <div className={styles.all}>
          <Button small onClick={() => all("mine")}>
            All mine
          </Button>
          <Button small onClick={() => all("theirs")}>
            All theirs
          </Button>
        </div>
      )}
      {found.map((difference) => (
        <fieldset key={difference.key} className={styles.difference}>
          <legend>
            {difference.label} {difference.by === "both" && <Status tone="warning">changed by both</Status>}
          </legend>
          <p className={styles.base}>Was: {difference.base}</p>
          <div className={styles.sides}>
            {(["mine", "theirs"] as const).map((side) => (
              <label key={side} className={sideOf(difference) === side ? styles.chosen : styles.side}>
                <input
                  type="radio"
                  name={difference.key}
                  value={side}
                  checked={sideOf(difference) === side}
                  onChange={() => setChosen((known) => ({ ...known, [difference.key]: side }))}
                />
                <span>
                  <span className={styles.whose}>{side === "mine" ? "Mine" : "Theirs"}</span>
                  <span className={styles.value}>{difference[side]}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </Dialog>
  );
}
