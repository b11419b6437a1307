import { ChipField } from "../../../ui/ChipField";
import { Checkbox } from "../../../ui/Inputs";
import type { Errors } from "../../keys/form/fields";
import styles from "../../keys/form/KeyForm.module.css";
import { add } from "./Conditions";
import { partAt } from "./part";

const known = [
  { attribute: "model", label: "Each model" },
  { attribute: "provider", label: "Each provider" },
  { attribute: "apiKey", label: "Each API key" },
  { attribute: "workspace", label: "Each workspace" },
];
const prefix = "metadata.";

interface Properties {
  groupBy: readonly string[];
  errors: Errors;
  onChange: (groupBy: string[]) => void;
  onPending: (field: string, text: string) => void;
}

/** By which attributes a policy counts apart. */
export function GroupBy({ groupBy, errors, onChange, onPending }: Properties) {
  const names = groupBy.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  const others = groupBy.filter((one) => !one.startsWith(prefix));
  return (
    <fieldset className={styles.entries}>
      <legend>Counts apart for</legend>
      <p className={styles.hint}>
        Without any, all requests that meet the conditions share the limits. With several, each combination has limits of its own.
      </p>
      <ChipField
        label="Each value of this metadata"
        hint="A name that gateways send, such as user."
        error={errors[partAt.groupBy]}
        chips={names.map((name) => ({ key: name, text: name, name }))}
        placeholder="user"
        addLabel="New name of metadata"
        onAdd={(text) => add(names, text.replaceAll(prefix, ""), (all) => onChange([...all.map((name) => prefix + name), ...others]))}
        onRemove={(name) => onChange(groupBy.filter((one) => one !== prefix + name))}
        onPending={(text) => onPending(partAt.groupBy, text)}
      />
      <div className={styles.defaults}>
        {known.map(({ attribute, label }) => (
          <Checkbox
            key={attribute}
            label={label}
            checked={groupBy.includes(attribute)}
            onChange={(checked) => onChange(checked ? [...groupBy, attribute] : groupBy.filter((one) => one !== attribute))}
          />
        ))}
      </div>
    </fieldset>
  );
}
