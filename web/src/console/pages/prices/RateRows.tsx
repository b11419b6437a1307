import { Button, IconButton } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select, TextInput } from "../../ui/Inputs";
import { addRow, removeRow } from "../keys/form/rows";
import { tierNames } from "../usage/names";
import { serviceTiers } from "../usage/state";
import { withRate, type Errors, type RateDraft } from "./draft";
import styles from "./Prices.module.css";
import { isPiece, unitNames, units } from "./words";

interface Properties {
  rates: readonly RateDraft[];
  errors: Errors;
  onChange: (rates: RateDraft[]) => void;
}

/** The rates of a price, a row each. */
export function RateRows({ rates, errors, onChange }: Properties) {
  return (
    <>
      {rates.map((rate, index) => (
        <RateRow
          key={rate.key}
          rate={rate}
          number={index + 1}
          errors={errors}
          onChange={(next) => onChange(rates.map((each) => (each.key === rate.key ? next : each)))}
          onRemove={rates.length > 1 ? () => onChange(rates.filter(({ key }) => key !== rate.key)) : undefined}
        />
      ))}
      {errors.rates && <p className={styles.wrong}>{errors.rates}</p>}
      <Button icon="plus" onClick={(event) => addRow(event.currentTarget, () => onChange(withRate(rates)))}>
        Another rate
      </Button>
    </>
  );
}

interface RowProperties {
  rate: RateDraft;
  number: number;
  errors: Errors;
  onChange: (rate: RateDraft) => void;
  onRemove: (() => void) | undefined;
}

function RateRow({ rate, number, errors, onChange, onRemove }: RowProperties) {
  const path = `rates.${number - 1}`;
  return (
    <fieldset className={styles.rate} data-row aria-describedby={errors[path] ? `${path}-error` : undefined}>
      <legend className="visually-hidden">Rate {number}</legend>
      <Field label="For" error={errors[`${path}.unit`]}>
        <Select
          value={rate.unit}
          options={units.map((value) => ({ value, label: unitNames[value] }))}
          onChange={(unit) => onChange({ ...rate, unit })}
        />
      </Field>
      <Field label={isPiece(rate.unit) ? "For one" : "Per million"} required error={errors[`${path}.perMillion`]}>
        <TextInput
          numeric
          prefix="$"
          value={rate.dollars}
          placeholder={isPiece(rate.unit) ? "0.01" : "2.50"}
          autoComplete="off"
          onChange={(event) => onChange({ ...rate, dollars: event.target.value })}
        />
      </Field>
      <Field label="Input above" error={errors[`${path}.aboveInputTokens`]}>
        <TextInput
          numeric
          value={rate.above}
          placeholder="any size"
          autoComplete="off"
          onChange={(event) => onChange({ ...rate, above: event.target.value })}
        />
      </Field>
      <Field label="Service tier" error={errors[`${path}.serviceTier`]}>
        <Select
          value={rate.tier}
          options={serviceTiers.map((value) => ({ value, label: tierNames[value] }))}
          onChange={(tier) => onChange({ ...rate, tier })}
        />
      </Field>
      {onRemove && <IconButton icon="trash" label={`Remove rate ${number}`} onClick={(event) => removeRow(event.currentTarget, onRemove)} />}
      {errors[path] && (
        <p className={styles.wrong} id={`${path}-error`} role="alert">
          {errors[path]}
        </p>
      )}
    </fieldset>
  );
}
