import { Button, IconButton } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Select, TextInput } from "../../../ui/Inputs";
import { BudgetCalendar } from "./BudgetCalendar";
import { amountText, parseAmount } from "./amounts";
import { withType, type BudgetDraft, type BudgetType, type PeriodicReset } from "./draft";
import { EnforcementField } from "./EnforcementField";
import { at, type Errors } from "./fields";
import styles from "./KeyForm.module.css";
import { NamedRecipients } from "./NamedRecipients";
import { restarts } from "./removals";
import { addRow, removeRow } from "./rows";
import { Thresholds } from "./Thresholds";

const types: { value: BudgetType; label: string }[] = [
  { value: "COST", label: "Cost (USD)" },
  { value: "TOKENS", label: "Tokens" },
  { value: "REQUESTS", label: "Requests" },
];

const resets: { value: PeriodicReset; label: string }[] = [
  { value: "NONE", label: "Never" },
  { value: "DAILY", label: "Daily" },
  { value: "WEEKLY", label: "Weekly" },
  { value: "MONTHLY", label: "Monthly" },
  { value: "QUARTERLY", label: "Quarterly" },
  { value: "YEARLY", label: "Yearly" },
  { value: "EVERY_DAYS", label: "Every so many days" },
];

interface Properties {
  budgets: readonly BudgetDraft[];
  /** What is saved; none of a new key. */
  saved: readonly BudgetDraft[];
  errors: Errors;
  /** Whether saved budgets can be changed and removed; new ones always can. */
  mayChange: boolean;
  onChange: (field: string, budgets: BudgetDraft[]) => void;
  onAdd: () => void;
  onPending: (field: string, text: string) => void;
}

/** The budgets of a form, a row each. */
export function BudgetRows({ budgets, saved, errors, mayChange, onChange, onAdd, onPending }: Properties) {
  return (
    <>
      {budgets.map((budget, index) => (
        <BudgetRow
          key={budget.key}
          number={index + 1}
          budget={budget}
          saved={saved.find((one) => one.id === budget.id && budget.id !== null)}
          errors={errors}
          locked={budget.id !== null && !mayChange}
          onChange={(field, next) => onChange(field, budgets.map((one) => (one.key === budget.key ? next : one)))}
          onRemove={() => onChange(at.budget(budget.key), budgets.filter((one) => one.key !== budget.key))}
          onPending={onPending}
        />
      ))}
      <Button icon="plus" onClick={(event) => addRow(event.currentTarget, onAdd)}>
        Another budget
      </Button>
    </>
  );
}

interface RowProperties {
  number: number;
  budget: BudgetDraft;
  saved: BudgetDraft | undefined;
  errors: Errors;
  locked: boolean;
  onChange: (field: string, budget: BudgetDraft) => void;
  onRemove: () => void;
  onPending: (field: string, text: string) => void;
}

function BudgetRow({ number, budget, saved, errors, locked, onChange, onRemove, onPending }: RowProperties) {
  const { key, type, periodicReset } = budget;
  const amount = parseAmount(type, budget.amount);
  const startsAgain = saved !== undefined && restarts(budget, saved);
  return (
    <fieldset className={styles.row} disabled={locked} data-row>
      <legend className="visually-hidden">Budget {number}</legend>
      <div className={styles.controls}>
        <Field label="Type" error={errors[at.budget(key, "type")]}>
          <Select value={type} options={types} onChange={(next) => onChange(at.budget(key, "type"), withType(budget, next, saved))} />
        </Field>
        <Field label="Amount" error={errors[at.budget(key, "amount")]} hint={type === "COST" ? "At least $1" : undefined} required>
          <TextInput
            numeric
            prefix={type === "COST" ? "$" : undefined}
            suffix={type === "COST" ? undefined : type.toLowerCase()}
            value={budget.amount}
            placeholder={type === "COST" ? "100.00" : type === "TOKENS" ? "1,000,000" : "10,000"}
            onChange={(event) => onChange(at.budget(key, "amount"), { ...budget, amount: event.target.value })}
          />
        </Field>
        <Field label="Resets" error={errors[at.budget(key, "periodicReset")]}>
          <Select
            value={periodicReset}
            options={resets}
            onChange={(next) => onChange(at.budget(key, "periodicReset"), { ...budget, periodicReset: next })}
          />
        </Field>
        <EnforcementField
          limit={budget}
          error={errors[at.budget(key, "mode")]}
          onChange={(next) => onChange(at.budget(key, "mode"), { ...budget, ...next })}
        />
        {!locked && <IconButton icon="trash" label={`Remove budget ${number}`} onClick={(event) => removeRow(event.currentTarget, onRemove)} />}
      </div>
      <BudgetCalendar budget={budget} errors={errors} onChange={onChange} />
      <Thresholds budget={budget} number={number} errors={errors} locked={locked} onChange={onChange} onPending={onPending} />
      <NamedRecipients budget={budget} number={number} errors={errors} locked={locked} onChange={onChange} onPending={onPending} />
      {startsAgain && (
        <p className={styles.remark}>
          Another type, reset, time zone or first day starts this budget again at zero
          {amount.ok ? `, with ${amountText(type, amount.units)}` : ""}; what it counted until now stays in its history.
        </p>
      )}
      {errors[at.budget(key)] && <p className={styles.error}>{errors[at.budget(key)]}</p>}
    </fieldset>
  );
}
