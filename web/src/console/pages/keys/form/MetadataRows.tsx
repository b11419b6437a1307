import { Button, IconButton } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { TextInput } from "../../../ui/Inputs";
import type { MetadataDraft } from "./draft";
import { at, type Errors } from "./fields";
import styles from "./KeyForm.module.css";
import { addRow, removeRow } from "./rows";

interface Properties {
  entries: readonly MetadataDraft[];
  errors: Errors;
  onChange: (field: string, entries: MetadataDraft[]) => void;
  onAdd: () => void;
}

/** What the owner notes with a key: names and values. */
export function MetadataRows({ entries, errors, onChange, onAdd }: Properties) {
  const change = (key: string, next: Partial<MetadataDraft>) =>
    onChange(
      at.entry(key),
      entries.map((one) => (one.key === key ? { ...one, ...next } : one)),
    );
  return (
    <fieldset className={styles.entries} data-rows>
      <legend>Metadata</legend>
      <p className={styles.hint}>
        Names and values of your own, such as a team or a cost centre. They are shown with the key, and decide nothing.
      </p>
      {entries.map((entry, index) => (
        <div key={entry.key} className={styles.entry} data-row>
          <Field label={`Name of entry ${index + 1}`} labelHidden error={errors[at.entry(entry.key)]}>
            <TextInput value={entry.name} placeholder="team" onChange={(event) => change(entry.key, { name: event.target.value })} />
          </Field>
          <Field label={`Value of entry ${index + 1}`} labelHidden>
            <TextInput value={entry.value} placeholder="search" onChange={(event) => change(entry.key, { value: event.target.value })} />
          </Field>
          <IconButton
            icon="trash"
            label={`Remove entry ${entry.name || index + 1}`}
            onClick={(event) =>
              removeRow(event.currentTarget, () =>
                onChange(
                  at.entry(entry.key),
                  entries.filter((one) => one.key !== entry.key),
                ),
              )
            }
          />
        </div>
      ))}
      {errors[at.metadata] && <p className={styles.error}>{errors[at.metadata]}</p>}
      <Button icon="plus" onClick={(event) => addRow(event.currentTarget, onAdd)}>
        Add entry
      </Button>
    </fieldset>
  );
}
