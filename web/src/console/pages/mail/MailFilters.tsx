import { useState } from "react";
import { RangeField } from "../../time/RangeField";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select, TextInput } from "../../ui/Inputs";
import { Toolbar } from "../../ui/Page";
import { isAddress } from "../keys/form/addresses";
import type { MailFilter, MailState } from "./search";

const shown: { value: MailFilter | "ALL"; label: string }[] = [
  { value: "ALL", label: "All mails" },
  { value: "PENDING", label: "To be sent" },
  { value: "ARRIVING", label: "Sent or delivered" },
  { value: "FAILED", label: "Failed, bounced or complained" },
];

interface Properties {
  state: MailState;
  onChange: (next: Partial<MailState>) => void;
}

/** Which mails are shown. */
export function MailFilters({ state, onChange }: Properties) {
  const isFiltered = Object.values(state).some((value) => value !== null);
  return (
    <Toolbar>
      <RangeField label="Queued" selection={state.selection} anyTime="At any time" onChange={(selection) => onChange({ selection })} />
      <Field label="Show">
        <Select value={state.show ?? "ALL"} options={shown} onChange={(show) => onChange({ show: show === "ALL" ? null : show })} />
      </Field>
      <AddressField key={state.to} state={state} onChange={onChange} />
      {isFiltered && (
        <Button variant="quiet" icon="close" onClick={() => onChange({ selection: null, show: null, to: null })}>
          No filters
        </Button>
      )}
    </Toolbar>
  );
}

/** The whole address of a recipient. */
function AddressField({ state, onChange }: Properties) {
  const [typed, setTyped] = useState(state.to ?? "");
  const address = typed.trim();
  const wrong = address !== "" && !isAddress(address);
  const apply = () => {
    const to = address === "" ? null : address;
    if (!wrong && to !== state.to) onChange({ to });
  };
  return (
    <Field label="To" error={wrong && "Is no e-mail address."}>
      <TextInput
        value={typed}
        inputMode="email"
        placeholder="finance@example.com"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </Field>
  );
}
