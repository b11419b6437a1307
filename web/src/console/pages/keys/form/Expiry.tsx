import { Field } from "../../../ui/Field";
import { instantUTC } from "../../../ui/format";
import { TextInput } from "../../../ui/Inputs";

interface Properties {
  /** ISO instant; "" never. */
  value: string;
  error: string | undefined;
  /** The latest that may be set; undefined any. */
  atMost?: string | undefined;
  onChange: (iso: string) => void;
}

/** When a key stops working, in the reader's time zone, to the minute. */
export function Expiry({ value, error, atMost, onChange }: Properties) {
  const isOver = value !== "" && Date.parse(value) <= Date.now();
  const hint =
    value === ""
      ? "Empty: never. In your time zone."
      : `${instantUTC(value)}${isOver ? ": that is over, so the key is refused at once" : ""}`;
  return (
    <Field label="Expires" hint={atMost === undefined ? hint : `${hint} An administrator allows ${instantUTC(atMost)} at most.`} error={error}>
      <TextInput
        type="datetime-local"
        value={localText(value)}
        max={atMost === undefined ? undefined : localText(atMost)}
        onChange={(event) => onChange(event.target.value === "" ? "" : new Date(event.target.value).toISOString())}
      />
    </Field>
  );
}

/** An instant as a datetime-local input has it. */
function localText(iso: string): string {
  if (iso === "") return "";
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
