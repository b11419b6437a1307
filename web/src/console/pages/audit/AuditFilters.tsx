import { useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { RangeField } from "../../time/RangeField";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select, TextInput } from "../../ui/Inputs";
import { Toolbar } from "../../ui/Page";
import { actions } from "./actions";
import { actionName } from "./diff";
import { AuditActors } from "./documents";
import { readAuditState, type AuditState } from "./search";

interface Properties {
  state: AuditState;
  onChange: (next: Partial<AuditState>) => void;
}

/** Which changes are shown. */
export function AuditFilters({ state, onChange }: Properties) {
  const isFiltered = Object.values(state).some((value) => value !== null);
  const known = state.action === null || (actions as readonly string[]).includes(state.action);
  const offered: readonly string[] = known ? actions : [...actions, state.action ?? ""];
  return (
    <Toolbar>
      <RangeField label="When" selection={state.selection} anyTime="At any time" onChange={(selection) => onChange({ selection })} />
      <ActorField state={state} onChange={onChange} />
      <Field label="Action">
        <Select
          value={state.action ?? ""}
          onChange={(action) => onChange({ action: action === "" ? null : action })}
          options={[{ value: "", label: "All actions" }, ...offered.map((value) => ({ value, label: actionName(value) }))]}
        />
      </Field>
      <TargetField key={state.target} state={state} onChange={onChange} />
      {isFiltered && (
        <Button variant="quiet" icon="close" onClick={() => onChange({ selection: null, actor: null, target: null, action: null })}>
          No filters
        </Button>
      )}
    </Toolbar>
  );
}

/** A member or an access token; of more than 100 of each, one can be chosen at an entry. */
function ActorField({ state, onChange }: Properties) {
  const { organization } = useViewer();
  const [{ data }] = useQuery({ query: AuditActors, variables: { organization: organization.id } });
  const found = data?.node?.__typename === "Organization" ? data.node : undefined;
  const actors = [
    ...(found?.members.nodes ?? []).map(({ id, name, email }) => ({ value: id, label: name ?? email })),
    ...(found?.accessTokens.nodes ?? []).map(({ id, name }) => ({ value: id, label: `Token ${name}` })),
  ];
  const known = state.actor === null || actors.some(({ value }) => value === state.actor);
  return (
    <Field label="Actor">
      <Select
        value={state.actor ?? ""}
        onChange={(actor) => onChange({ actor: actor === "" ? null : actor })}
        options={[
          { value: "", label: "Anybody" },
          ...actors,
          ...(known ? [] : [{ value: state.actor ?? "", label: `${state.actor?.slice(0, 12)}…` }]),
        ]}
      />
    </Field>
  );
}

/** The id of what was changed: typed, pasted, or taken over from an entry. */
function TargetField({ state, onChange }: Properties) {
  const [typed, setTyped] = useState(state.target ?? "");
  const read = readAuditState({ target: typed.trim() }).target;
  const wrong = typed.trim() !== "" && read === null;
  const apply = () => {
    if (!wrong && read !== state.target) onChange({ target: read });
  };
  return (
    <Field label="Target" error={wrong && "Is no id."}>
      <TextInput
        value={typed}
        placeholder="key_…, ws_…, bud_…"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </Field>
  );
}
