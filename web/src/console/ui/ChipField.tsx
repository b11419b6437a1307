import { useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";
import { Button, IconButton } from "./Button";
import { Field, useField } from "./Field";
import { TextInput } from "./Inputs";
import styles from "./ChipField.module.css";

/** A chip: what it shows, and what is wrong with it. */
export interface Chip {
  key: string;
  text: ReactNode;
  /** What the button that removes it calls it. */
  name: string;
  error?: string | undefined;
  /** It stays: its button is not there. */
  fixed?: boolean;
}

interface Properties {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  chips: readonly Chip[];
  placeholder?: string;
  inputMode?: "email" | "text";
  /** Stands between the input and the button. */
  beside?: ReactNode;
  /** The accessible name of the button New: which list it adds to. */
  addLabel: string;
  /** Takes what was typed or pasted. Answers what is left to be mended in the input, and what to say about it. */
  onAdd: (text: string) => { rest: string; about: string };
  onRemove: (key: string) => void;
  /** Hears what is typed and not added yet. */
  onPending?: (text: string) => void;
}

/**
 * A list that is typed one by one, or pasted. Enter and New add; leaving the field adds what is right, so that Save loses nothing. Backspace
 * in the empty field goes to the last chip, whose button removes it.
 */
export function ChipField({ label, hint, error, ...rest }: Properties) {
  const [about, setAbout] = useState("");
  return (
    <Field label={label} hint={hint} error={about || error}>
      <Chips {...rest} label={label} say={setAbout} />
    </Field>
  );
}

type ChipsProperties = Omit<Properties, "hint" | "error"> & { say: (about: string) => void };

function Chips({ label, chips, placeholder, inputMode = "text", beside, addLabel, onAdd, onRemove, onPending, say }: ChipsProperties) {
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const field = useField();

  const show = (text: string, about: string) => {
    setTyped(text);
    say(about);
    onPending?.(text);
  };
  const commit = (text: string) => {
    if (text.trim() === "") return show("", "");
    const { rest, about } = onAdd(text);
    show(rest, about);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text");
    if (!/[\s,;<]/.test(text.trim())) return; // one value: it can still be mended
    event.preventDefault();
    commit(`${typed} ${text}`);
  };
  const buttons = () => [...(list.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault(); // never sends the form
      commit(typed);
    }
    if (event.key === "Backspace" && typed === "") buttons().at(-1)?.focus();
  };
  const remove = (key: string, button: HTMLButtonElement) => {
    const all = buttons();
    const index = all.indexOf(button);
    onRemove(key);
    (all[index + 1] ?? all[index - 1] ?? input.current)?.focus();
  };

  return (
    <div className={styles.field}>
      {chips.length > 0 && (
        <ul className={styles.chips} ref={list} aria-label={`${label}, ${chips.length} entered`}>
          {chips.map((chip) => (
            <li key={chip.key} className={chip.error === undefined ? styles.chip : styles.wrong}>
              <span className={styles.text}>{chip.text}</span>
              {!chip.fixed && (
                <IconButton small icon="close" label={`Remove ${chip.name}`} onClick={(event) => remove(chip.key, event.currentTarget)} />
              )}
              {chip.error !== undefined && <span className={styles.error}>{chip.error}</span>}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.entry}>
        <TextInput
          ref={input}
          value={typed}
          inputMode={inputMode}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={field["aria-invalid"] || chips.some((chip) => chip.error !== undefined) || undefined}
          onChange={(event) => show(event.target.value, "")}
          onKeyDown={keys}
          onPaste={paste}
          onBlur={() => commit(typed)}
        />
        {beside}
        <Button
          aria-label={addLabel}
          onClick={() => {
            commit(typed);
            input.current?.focus();
          }}
        >
          New
        </Button>
      </div>
    </div>
  );
}
