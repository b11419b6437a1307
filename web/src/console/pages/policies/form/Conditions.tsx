import { Button, IconButton } from "../../../ui/Button";
import { ChipField } from "../../../ui/ChipField";
import { Field } from "../../../ui/Field";
import { Select, TextInput } from "../../../ui/Inputs";
import type { Errors } from "../../keys/form/fields";
import styles from "../../keys/form/KeyForm.module.css";
import { addRow, removeRow } from "../../keys/form/rows";
import { partAt, type Attribute, type ConditionDraft } from "./part";

const attributes: { value: Attribute; label: string }[] = [
  { value: "model", label: "Model" },
  { value: "provider", label: "Provider" },
  { value: "metadata", label: "Metadata" },
  { value: "apiKey", label: "API key" },
  { value: "workspace", label: "Workspace" },
];

const hints: Record<Attribute, string> = {
  model: "Such as gpt-4.1; an asterisk at the end stands for any text: gpt-4*.",
  provider: "Such as openai; an asterisk at the end stands for any text.",
  metadata: "As the gateway sends it; an asterisk at the end stands for any text.",
  apiKey: "Ids, such as key_…",
  workspace: "Ids, such as ws_…",
};

interface Properties {
  conditions: readonly ConditionDraft[];
  errors: Errors;
  onChange: (field: string, conditions: ConditionDraft[]) => void;
  onAdd: () => void;
  onPending: (field: string, text: string) => void;
}

/** The conditions of a policy, a row each. */
export function Conditions({ conditions, errors, onChange, onAdd, onPending }: Properties) {
  return (
    <>
      {conditions.map((condition, index) => (
        <ConditionRow
          key={condition.key}
          number={index + 1}
          condition={condition}
          errors={errors}
          onChange={(field, next) => onChange(field, conditions.map((one) => (one.key === condition.key ? next : one)))}
          onRemove={() => onChange(partAt.condition(condition.key), conditions.filter((one) => one.key !== condition.key))}
          onPending={onPending}
        />
      ))}
      <Button icon="plus" onClick={(event) => addRow(event.currentTarget, onAdd)}>
        {conditions.length === 0 ? "Add condition" : "Another condition"}
      </Button>
      {errors[partAt.conditions] && <p className={styles.error}>{errors[partAt.conditions]}</p>}
    </>
  );
}

interface RowProperties {
  number: number;
  condition: ConditionDraft;
  errors: Errors;
  onChange: (field: string, condition: ConditionDraft) => void;
  onRemove: () => void;
  onPending: (field: string, text: string) => void;
}

function ConditionRow({ number, condition, errors, onChange, onRemove, onPending }: RowProperties) {
  const { key, attribute, name } = condition;
  return (
    <fieldset className={styles.row} data-row>
      <legend className="visually-hidden">Condition {number}</legend>
      <div className={styles.entry}>
        <Field label="Attribute" error={attribute === "metadata" ? undefined : errors[partAt.condition(key, "attribute")]}>
          <Select
            value={attribute}
            options={attributes}
            onChange={(next) => onChange(partAt.condition(key, "attribute"), { ...condition, attribute: next, name: "" })}
          />
        </Field>
        {attribute === "metadata" ? (
          <Field label="Name" error={errors[partAt.condition(key, "attribute")]} required>
            <TextInput
              value={name}
              placeholder="team"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onChange(partAt.condition(key, "attribute"), { ...condition, name: event.target.value })}
            />
          </Field>
        ) : (
          <span />
        )}
        <IconButton icon="trash" label={`Remove condition ${number}`} onClick={(event) => removeRow(event.currentTarget, onRemove)} />
      </div>
      {(["in", "notIn"] as const).map((list) => (
        <ChipField
          key={list}
          label={list === "in" ? "Is one of" : "Is none of"}
          hint={list === "in" ? hints[attribute] : "Requests without the attribute meet this."}
          error={errors[partAt.condition(key, list)]}
          chips={condition[list].map((value) => ({ key: value, text: value, name: value }))}
          addLabel={`New value that condition ${number} ${list === "in" ? "asks for" : "refuses"}`}
          onAdd={(text) => add(condition[list], text, (values) => onChange(partAt.condition(key, list), { ...condition, [list]: values }))}
          onRemove={(value) => onChange(partAt.condition(key, list), { ...condition, [list]: condition[list].filter((one) => one !== value) })}
          onPending={(text) => onPending(partAt.condition(key, list), text)}
        />
      ))}
      {errors[partAt.condition(key)] && <p className={styles.error}>{errors[partAt.condition(key)]}</p>}
    </fieldset>
  );
}

/** Adds what was typed or pasted, a value for each line or comma, each once. */
export function add(values: readonly string[], text: string, put: (values: string[]) => void): { rest: string; about: string } {
  const added = text.split(/[,\n]/).map((one) => one.trim()).filter((one) => one !== "");
  put([...new Set([...values, ...added])]);
  return { rest: "", about: "" };
}
