import { createContext, use, useId, type ReactNode } from "react";
import { cx } from "./cx";
import styles from "./Field.module.css";

/** What a control inside a Field is told by it. */
interface FieldContext {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const Context = createContext<FieldContext | undefined>(undefined);

/** The attributes that tie a control to its Field's label, hint and error; none outside of a Field. */
export function useField() {
  const field = use(Context);
  if (field === undefined) return {};
  return {
    id: field.id,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid || undefined,
    "aria-required": field.required || undefined,
  };
}

interface Properties {
  label: ReactNode;
  /** What to enter, and its default; always seen. */
  hint?: ReactNode;
  /** What is wrong with the value, beside it. */
  error?: ReactNode;
  /** Read to screen readers, and shown as an asterisk; the form itself decides. */
  required?: boolean;
  /** The label is for screen readers alone, where the place says what it is. */
  labelHidden?: boolean;
  /** One control: TextInput, Select or whatever uses `useField`. */
  children: ReactNode;
}

/** A label, its control, a hint and an error. */
export function Field({ label, hint, error, required = false, labelHidden, children }: Properties) {
  const id = useId();
  const describedBy = cx(Boolean(hint) && `${id}-hint`, Boolean(error) && `${id}-error`) || undefined;
  return (
    <div className={styles.field}>
      <label className={cx(styles.label, labelHidden && "visually-hidden")} htmlFor={id}>
        {label}
        {required && (
          <span className={styles.required} aria-hidden="true">
            *
          </span>
        )}
      </label>
      <Context value={{ id, describedBy, invalid: Boolean(error), required }}>{children}</Context>
      {hint && (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div aria-live="polite" id={`${id}-error`} className={styles.error} hidden={!error}>
        {error}
      </div>
    </div>
  );
}

/** Several fields under one heading. */
export function FieldSet({ legend, hint, children }: { legend: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className={styles.set}>
      <legend>{legend}</legend>
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </fieldset>
  );
}

/** Fields side by side; one below the other where there is no room. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}
