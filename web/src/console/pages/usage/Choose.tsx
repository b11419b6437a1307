import { Popover } from "radix-ui";
import { useId, useState } from "react";
import { Icon } from "../../ui/Icon";
import styles from "./Choose.module.css";

export interface Choice {
  value: string;
  name: string;
  /** What tells it from others of the same name. */
  note?: string;
}

interface Properties {
  /** What is chosen from, as Models. */
  label: string;
  /** What it is when none is chosen, as All models. */
  all: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Called with what was typed, where choices are searched for by the server; otherwise they are filtered here. */
  onSearch?: (typed: string) => void;
  /** Shown in place of an empty list. */
  empty: string;
}

/** A filter of several values: a button that says what is chosen, and a list of checkboxes behind it. */
export function Choose({ label, all, choices, chosen, onChange, onSearch, empty }: Properties) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const found = onSearch ? choices : choices.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  const nameOf = (value: string) => choices.find((choice) => choice.value === value)?.name ?? value;
  const type = (text: string) => {
    setTyped(text);
    onSearch?.(text);
  };
  const toggle = (value: string, on: boolean) => onChange(on ? [...chosen, value] : chosen.filter((each) => each !== value));

  return (
    <div className={styles.choose}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <Popover.Root onOpenChange={(open) => !open && type("")}>
        <Popover.Trigger className={styles.trigger} aria-labelledby={`${id} ${id}-chosen`}>
          <span id={`${id}-chosen`} className={styles.chosen}>
            {chosen.length === 0 ? all : chosen.length === 1 ? nameOf(chosen[0] ?? "") : `${chosen.length} chosen`}
          </span>
          <Icon name="chevron" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className={styles.content} align="start" sideOffset={4} collisionPadding={8} aria-labelledby={id}>
            <input
              className={styles.search}
              type="search"
              value={typed}
              placeholder="Search"
              aria-label={`Search ${label.toLowerCase()}`}
              onChange={(event) => type(event.target.value)}
            />
            <ul className={styles.list} aria-label={label}>
              {found.map(({ value, name, note }) => (
                <li key={value}>
                  <label className={styles.choice}>
                    <input type="checkbox" checked={chosen.includes(value)} onChange={(event) => toggle(value, event.target.checked)} />
                    <span className={styles.name}>{name}</span>
                    {note !== undefined && <span className={styles.note}>{note}</span>}
                  </label>
                </li>
              ))}
              {found.length === 0 && <li className={styles.empty}>{empty}</li>}
            </ul>
            {chosen.length > 0 && (
              <button type="button" className={styles.clear} onClick={() => onChange([])}>
                {all}
              </button>
            )}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}
