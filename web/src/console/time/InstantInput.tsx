import { TextInput } from "../ui/Inputs";

interface Properties {
  /** ISO instant; "" none. */
  value: string;
  /** The latest that may be set; undefined any. */
  max?: string | undefined;
  onChange: (iso: string) => void;
}

/** An instant in the reader's time zone, to the minute; inside of a Field. */
export function InstantInput({ value, max, onChange }: Properties) {
  return (
    <TextInput
      type="datetime-local"
      value={localText(value)}
      max={max === undefined ? undefined : localText(max)}
      onChange={(event) => onChange(event.target.value === "" ? "" : new Date(event.target.value).toISOString())}
    />
  );
}

/** An instant as a datetime-local input has it. */
function localText(iso: string): string {
  if (iso === "") return "";
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
