import { InstantInput } from "../../../time/InstantInput";
import { Field } from "../../../ui/Field";
import { instantUTC } from "../../../ui/format";

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
      <InstantInput value={value} max={atMost} onChange={onChange} />
    </Field>
  );
}
