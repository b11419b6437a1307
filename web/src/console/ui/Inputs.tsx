import type { InputHTMLAttributes, ReactNode, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { cx } from "./cx";
import { useField } from "./Field";
import { Icon } from "./Icon";
import styles from "./Inputs.module.css";

interface TextProperties extends Omit<InputHTMLAttributes<HTMLInputElement>, "className" | "prefix"> {
  /** What stands before the value, such as `$`. */
  prefix?: ReactNode;
  /** What stands after it, such as `tokens`. */
  suffix?: ReactNode;
  /** Numbers are aligned to the right. */
  numeric?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text. Amounts are texts with `numeric`, too: a number input would round and forget what was typed. */
export function TextInput({ prefix, suffix, numeric, ...rest }: TextProperties) {
  return (
    <span className={styles.box}>
      {prefix && <span className={styles.affix}>{prefix}</span>}
      <input
        type="text"
        inputMode={numeric ? "decimal" : undefined}
        {...useField()}
        {...rest}
        className={cx(styles.input, numeric && styles.numeric)}
      />
      {suffix && <span className={styles.affix}>{suffix}</span>}
    </span>
  );
}

/** A search field; give it an `aria-label`. */
export function SearchInput(properties: Omit<TextProperties, "prefix" | "suffix">) {
  return <TextInput {...properties} type="search" prefix={<Icon name="search" />} />;
}

export function TextArea(properties: Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className">) {
  return <textarea rows={3} {...useField()} {...properties} className={styles.area} />;
}

interface Option<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

interface SelectProperties<T extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "className" | "value" | "onChange"> {
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}

/** A choice of one, in the platform's own list: it works with every keyboard and screen reader. */
export function Select<T extends string>({ value, options, onChange, ...rest }: SelectProperties<T>) {
  return (
    <span className={cx(styles.box, styles.selectBox)}>
      <select {...useField()} {...rest} className={styles.select} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevron" />
    </span>
  );
}

interface ToggleProperties extends Omit<InputHTMLAttributes<HTMLInputElement>, "className" | "type" | "onChange"> {
  label: ReactNode;
  hint?: ReactNode;
  onChange: (checked: boolean) => void;
}

/** Takes effect at once, or opens a part of a form. */
export function Switch({ label, hint, onChange, ...rest }: ToggleProperties) {
  return (
    <label className={styles.toggle}>
      <input {...rest} type="checkbox" role="switch" className={styles.switch} onChange={(event) => onChange(event.target.checked)} />
      <span>
        <span className={styles.toggleLabel}>{label}</span>
        {hint && <span className={styles.toggleHint}>{hint}</span>}
      </span>
    </label>
  );
}

/** One of several, or a consent; takes effect with the form. `label` may be hidden by `aria-label`. */
export function Checkbox({ label, hint, onChange, ...rest }: ToggleProperties) {
  return (
    <label className={styles.toggle}>
      <input {...rest} type="checkbox" className={styles.checkbox} onChange={(event) => onChange(event.target.checked)} />
      {label && (
        <span>
          <span className={styles.toggleLabel}>{label}</span>
          {hint && <span className={styles.toggleHint}>{hint}</span>}
        </span>
      )}
    </label>
  );
}
