import { Button, IconButton } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Select, TextInput } from "../../../ui/Inputs";
import type { RateDraft, RateInterval, RateType } from "./draft";
import { EnforcementField } from "./EnforcementField";
import { at, type Errors } from "./fields";
import styles from "./KeyForm.module.css";
import { addRow, removeRow } from "./rows";

const types: { value: RateType; label: string }[] = [
  { value: "REQUESTS", label: "Requests" },
  { value: "TOKENS", label: "Tokens" },
  { value: "PARALLEL_REQUESTS", label: "Requests in parallel" },
];

const intervals: { value: RateInterval; label: string }[] = [
  { value: "SECOND", label: "Per second" },
  { value: "MINUTE", label: "Per minute" },
  { value: "HOUR", label: "Per hour" },
  { value: "DAY", label: "Per day" },
  { value: "WEEK", label: "Per week, from Sunday" },
];

interface Properties {
  rates: readonly RateDraft[];
  errors: Errors;
  /** Whether saved rate limits can be changed and removed; new ones always can. */
  mayChange: boolean;
  onChange: (field: string, rates: RateDraft[]) => void;
  onAdd: () => void;
}

/** The rate limits of a form, a row each. */
export function RateRows({ rates, errors, mayChange, onChange, onAdd }: Properties) {
  return (
    <>
      {rates.map((rate, index) => (
        <RateRow
          key={rate.key}
          number={index + 1}
          rate={rate}
          errors={errors}
          locked={rate.id !== null && !mayChange}
          onChange={(field, next) => onChange(field, rates.map((one) => (one.key === rate.key ? next : one)))}
          onRemove={() => onChange(at.rate(rate.key), rates.filter((one) => one.key !== rate.key))}
        />
      ))}
      <Button icon="plus" onClick={(event) => addRow(event.currentTarget, onAdd)}>
        Another rate limit
      </Button>
    </>
  );
}

interface RowProperties {
  number: number;
  rate: RateDraft;
  errors: Errors;
  locked: boolean;
  onChange: (field: string, rate: RateDraft) => void;
  onRemove: () => void;
}

function RateRow({ number, rate, errors, locked, onChange, onRemove }: RowProperties) {
  const { key } = rate;
  return (
    <fieldset className={styles.row} disabled={locked} data-row>
      <legend className="visually-hidden">Rate limit {number}</legend>
      <div className={styles.controls}>
        <Field label="Counts" error={errors[at.rate(key, "type")]}>
          <Select value={rate.type} options={types} onChange={(type) => onChange(at.rate(key, "type"), { ...rate, type })} />
        </Field>
        <Field label="At most" error={errors[at.rate(key, "limit")]} required>
          <TextInput
            numeric
            inputMode="numeric"
            value={rate.limit}
            placeholder={rate.type === "REQUESTS" ? "60" : rate.type === "TOKENS" ? "100,000" : "10"}
            onChange={(event) => onChange(at.rate(key, "limit"), { ...rate, limit: event.target.value })}
          />
        </Field>
        {rate.type !== "PARALLEL_REQUESTS" && (
          <Field label="Window" error={errors[at.rate(key, "interval")]}>
            <Select value={rate.interval} options={intervals} onChange={(interval) => onChange(at.rate(key, "interval"), { ...rate, interval })} />
          </Field>
        )}
        <EnforcementField
          limit={rate}
          error={errors[at.rate(key, "mode")]}
          onChange={(next) => onChange(at.rate(key, "mode"), { ...rate, ...next })}
        />
        {!locked && <IconButton icon="trash" label={`Remove rate limit ${number}`} onClick={(event) => removeRow(event.currentTarget, onRemove)} />}
      </div>
      {errors[at.rate(key)] && <p className={styles.error}>{errors[at.rate(key)]}</p>}
    </fieldset>
  );
}
