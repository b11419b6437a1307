import { useId } from "react";
import { Field } from "../../../ui/Field";
import { Select, TextInput } from "../../../ui/Inputs";
import type { BudgetDraft, Weekday } from "./draft";
import { timeZones } from "../../../time/place";
import { at, type Errors } from "./fields";
import styles from "./KeyForm.module.css";

const weekdays: { value: Weekday; label: string }[] = [
  { value: "SUNDAY", label: "Sunday" },
  { value: "MONDAY", label: "Monday" },
  { value: "TUESDAY", label: "Tuesday" },
  { value: "WEDNESDAY", label: "Wednesday" },
  { value: "THURSDAY", label: "Thursday" },
  { value: "FRIDAY", label: "Friday" },
  { value: "SATURDAY", label: "Saturday" },
];

const days = Array.from({ length: 31 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));

interface Properties {
  budget: BudgetDraft;
  errors: Errors;
  onChange: (field: string, budget: BudgetDraft) => void;
}

/** Where a budget's periods begin: of it what the reset has. */
export function BudgetCalendar({ budget, errors, onChange }: Properties) {
  const { key, periodicReset } = budget;
  const zones = useId();
  if (periodicReset === "NONE") return null;
  const monthly = periodicReset === "MONTHLY" || periodicReset === "QUARTERLY" || periodicReset === "YEARLY";
  return (
    <div className={styles.controls}>
      {periodicReset === "EVERY_DAYS" && (
        <>
          <Field label="Days" error={errors[at.budget(key, "resetDays")]} hint="1 to 365" required>
            <TextInput
              numeric
              value={budget.resetDays}
              onChange={(event) => onChange(at.budget(key, "resetDays"), { ...budget, resetDays: event.target.value })}
            />
          </Field>
          <Field label="Counted from" error={errors[at.budget(key, "resetAnchor")]} hint="Empty: from today">
            <TextInput
              type="date"
              min="1970-01-01"
              max="2199-12-31"
              value={budget.resetAnchor}
              onChange={(event) => onChange(at.budget(key, "resetAnchor"), { ...budget, resetAnchor: event.target.value })}
            />
          </Field>
        </>
      )}
      {periodicReset === "WEEKLY" && (
        <Field label="Week begins on" error={errors[at.budget(key, "weekStartsOn")]}>
          <Select
            value={budget.weekStartsOn}
            options={weekdays}
            onChange={(next) => onChange(at.budget(key, "weekStartsOn"), { ...budget, weekStartsOn: next })}
          />
        </Field>
      )}
      {monthly && (
        <Field
          label="Day of the month"
          error={errors[at.budget(key, "dayOfMonth")]}
          hint={Number(budget.dayOfMonth) > 28 ? "A shorter month's last day" : undefined}
        >
          <Select
            value={budget.dayOfMonth}
            options={days}
            onChange={(next) => onChange(at.budget(key, "dayOfMonth"), { ...budget, dayOfMonth: next })}
          />
        </Field>
      )}
      <Field label="Time zone" error={errors[at.budget(key, "timeZone")]} hint="At 00:00 there; type to search">
        <TextInput
          list={zones}
          autoComplete="off"
          spellCheck={false}
          value={budget.timeZone}
          onChange={(event) => onChange(at.budget(key, "timeZone"), { ...budget, timeZone: event.target.value })}
        />
      </Field>
      <datalist id={zones}>
        {timeZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  );
}
