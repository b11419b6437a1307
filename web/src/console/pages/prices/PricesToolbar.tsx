import { useState } from "react";
import { useViewer } from "../../app/viewer";
import { dayOf } from "../../time/range";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { SearchInput, Select, TextInput } from "../../ui/Inputs";
import { Toolbar } from "../../ui/Page";
import type { PricesSearch } from "./search";

interface Properties {
  state: PricesSearch;
  onChange: (next: PricesSearch) => void;
}

/** Which prices are listed. */
export function PricesToolbar({ state, onChange }: Properties) {
  const { organization } = useViewer();
  const chosen = state.at === undefined ? "now" : state.at === "all" ? "all" : "day";
  const { at: _, ...timeless } = state;
  const choose = (value: typeof chosen) => {
    if (value === "now") onChange(timeless);
    else onChange({ ...timeless, at: value === "all" ? "all" : dayOf(new Date()) });
  };
  return (
    <Toolbar>
      <SearchField key={state.search} state={state} onChange={onChange} />
      <Field label="In effect">
        <Select
          value={chosen}
          onChange={choose}
          options={[
            { value: "now", label: "Now" },
            { value: "day", label: "On a day…" },
            { value: "all", label: "Ever: history, too" },
          ]}
        />
      </Field>
      {chosen === "day" && (
        <Field label="At the end of, UTC">
          <TextInput
            type="date"
            defaultValue={state.at}
            onChange={(event) => event.target.value && onChange({ ...timeless, at: event.target.value })}
          />
        </Field>
      )}
      <Field label="Whose">
        <Select
          value={state.own ? "own" : "all"}
          onChange={(value) => {
            const { own: _own, ...others } = state;
            onChange(value === "own" ? { ...others, own: true } : others);
          }}
          options={[
            { value: "all", label: "Everybody’s and own" },
            { value: "own", label: `${organization.name}’s own` },
          ]}
        />
      </Field>
      {Object.keys(state).length > 0 && (
        <Button variant="quiet" icon="close" onClick={() => onChange({})}>
          No filters
        </Button>
      )}
    </Toolbar>
  );
}

/** What is typed is searched for with Enter, or when the field is left. */
function SearchField({ state, onChange }: Properties) {
  const [typed, setTyped] = useState(state.search ?? "");
  const apply = () => {
    const { search, ...others } = state;
    const wanted = typed.trim();
    if (wanted !== (search ?? "")) onChange(wanted === "" ? others : { ...others, search: wanted });
  };
  return (
    <Field label="Search">
      <SearchInput
        value={typed}
        placeholder="Provider or model"
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </Field>
  );
}
