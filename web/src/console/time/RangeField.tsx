import { useId, useState } from "react";
import { Field } from "../ui/Field";
import { Select, TextInput } from "../ui/Inputs";
import { dayIn, utc, type Place } from "./place";
import { presetNames, presets, rangeOf, startOfDay, type Day, type Preset, type Selection } from "./range";
import styles from "./RangeField.module.css";

interface Properties<T extends Selection | null> {
  label?: string;
  selection: T;
  /** What a null selection is called, where there may be one. */
  anyTime?: string;
  /** Where days begin. Default: UTC. */
  place?: Place;
  onChange: (selection: T | Selection) => void;
}

/** A range of time: a preset, or days. */
export function RangeField<T extends Selection | null>({ label = "Range", selection, anyTime, place = utc, onChange }: Properties<T>) {
  const chosen = selection === null ? "any" : "preset" in selection ? selection.preset : "days";
  const choose = (value: Preset | "any" | "days") => {
    if (value === "any") onChange(null as T);
    else if (value === "days") onChange(daysOf(selection, place));
    else onChange({ preset: value });
  };
  return (
    <>
      <Field label={label}>
        <Select
          value={chosen}
          onChange={choose}
          options={[
            ...(anyTime === undefined ? [] : [{ value: "any" as const, label: anyTime }]),
            ...presets.map((value) => ({ value, label: presetNames[value] })),
            { value: "days" as const, label: "Days…" },
          ]}
        />
      </Field>
      {selection !== null && "first" in selection && <Days selection={selection} timeZone={place.timeZone} onChange={onChange} />}
    </>
  );
}

/** The days of what was chosen before, so that the first click changes nothing. */
function daysOf(selection: Selection | null, place: Place): { first: Day; last: Day } {
  const { from, to } = rangeOf(selection ?? { preset: "30d" }, new Date(), place);
  return { first: dayIn(from, place.timeZone), last: dayIn(new Date(to.getTime() - 1), place.timeZone) };
}

interface DaysProperties {
  selection: { first: Day; last: Day };
  timeZone: string;
  onChange: (selection: Selection) => void;
}

function Days({ selection, timeZone, onChange }: DaysProperties) {
  const [first, setFirst] = useState(selection.first);
  const [last, setLast] = useState(selection.last);
  const id = useId();
  const apply = (days: { first: Day; last: Day }) => {
    if (startOfDay(days.first) !== null && startOfDay(days.last) !== null) onChange(days);
  };
  return (
    <div className={styles.days} role="group" aria-labelledby={id}>
      <span id={id} className={styles.label}>
        Days, {timeZone}
      </span>
      <span className={styles.inputs}>
        <TextInput
          type="date"
          aria-label="First day"
          value={first}
          max={last}
          onChange={(event) => {
            setFirst(event.target.value);
            apply({ first: event.target.value, last });
          }}
        />
        <span aria-hidden="true">–</span>
        <TextInput
          type="date"
          aria-label="Last day"
          value={last}
          min={first}
          onChange={(event) => {
            setLast(event.target.value);
            apply({ first, last: event.target.value });
          }}
        />
      </span>
    </div>
  );
}
