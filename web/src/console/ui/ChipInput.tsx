import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { Button, IconButton } from "./Button";
import { useField } from "./Field";
import styles from "./ChipInput.module.css";

interface Properties {
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** What is wrong with a value that was typed; undefined when nothing is. */
  check?: (value: string) => string | undefined;
  placeholder?: string;
  /** What the values are called, one of them: `address`. */
  noun: string;
  disabled?: boolean;
}

/** Many values come separated like this when they are pasted. */
const separators = /[\s,;]+/;

/**
 * A list of short texts: type one and press Enter or New, paste many, take one away with its button or the last with
 * Backspace. Values that `check` refuses stay in the field, with the reason, and nothing is lost.
 */
export function ChipInput({ values, onChange, check, placeholder, noun, disabled }: Properties) {
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const field = useField();

  const add = (text: string) => {
    const added = text.split(separators).filter(Boolean);
    const wrong = added.filter((value) => check?.(value) !== undefined);
    const known = new Set(values.map((value) => value.toLowerCase()));
    const fresh = added.filter((value) => !wrong.includes(value) && !known.has(value.toLowerCase()) && known.add(value.toLowerCase()));
    if (fresh.length > 0) onChange([...values, ...fresh]);
    setTyped(wrong.join(" "));
    setRefused(wrong[0] && check?.(wrong[0]));
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault(); // not the form
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text");
    if (!separators.test(text.trim())) return;
    event.preventDefault();
    add(`${typed} ${text}`);
  };
  const remove = (value: string) => {
    onChange(values.filter((each) => each !== value));
    input.current?.focus();
  };

  return (
    <div className={styles.chips}>
      {values.length > 0 && (
        <ul className={styles.list} aria-label={`${noun}: ${values.length} entered`}>
          {values.map((value) => (
            <li key={value} className={styles.chip}>
              <span>{value}</span>
              <IconButton label={`Remove ${value}`} icon="close" small disabled={disabled} onClick={() => remove(value)} />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.entry}>
        <input
          {...field}
          ref={input}
          className={styles.input}
          type="text"
          value={typed}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          disabled={disabled}
          aria-invalid={refused !== undefined || field["aria-invalid"]}
          onChange={(event) => {
            setTyped(event.target.value);
            setRefused(undefined);
          }}
          onKeyDown={keyDown}
          onPaste={paste}
          onBlur={() => typed.trim() !== "" && add(typed)}
        />
        <Button small disabled={disabled} onClick={() => add(typed)}>
          New
        </Button>
      </div>
      <p className={styles.refused} aria-live="polite">
        {refused}
      </p>
    </div>
  );
}
