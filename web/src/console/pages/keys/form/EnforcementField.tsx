import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Inputs";
import type { Switches } from "./draft";

type Choice = "ENFORCE" | "SHADOW" | "OFF";

const choices: { value: Choice; label: string }[] = [
  { value: "ENFORCE", label: "Refuses requests" },
  { value: "SHADOW", label: "Shadow" },
  { value: "OFF", label: "Off" },
];

const hints: Record<Choice, string | undefined> = {
  ENFORCE: undefined,
  SHADOW: "Only says what it would refuse",
  OFF: "Counts, and nothing else",
};

interface Properties {
  limit: Switches;
  error: string | undefined;
  onChange: (switches: Switches) => void;
}

/** Whether a limit refuses requests. Its counter goes on, whatever is chosen. */
export function EnforcementField({ limit, error, onChange }: Properties) {
  const chosen: Choice = limit.enabled ? limit.mode : "OFF";
  return (
    <Field label="Enforcement" error={error} hint={hints[chosen]}>
      <Select
        value={chosen}
        options={choices}
        onChange={(next) => onChange(next === "OFF" ? { enabled: false, mode: limit.mode } : { enabled: true, mode: next })}
      />
    </Field>
  );
}
