import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { intervalOf } from "../../time/interval";
import type { Range } from "../../time/range";
import { RangeField } from "../../time/RangeField";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Inputs";
import { Toolbar } from "../../ui/Page";
import { PlaceFields } from "../../time/PlaceFields";
import { Choose } from "./Choose";
import { UsageChosenKeys, UsageKeys, UsageValues, UsageWorkspaces } from "./documents";
import { dimensionNames, tierNames } from "./names";
import { dimensions, serviceTiers, type ExplorerState, type ServiceTier } from "./state";

interface Properties {
  state: ExplorerState;
  range: Range;
  /** Whose usage it is without a workspace; null: the viewer's own keys. */
  subject: string | null;
  onChange: (next: Partial<ExplorerState>) => void;
}

const tierChoices = serviceTiers.map((value) => ({ value, name: tierNames[value] }));

/** What the report is about, and how it is grouped. */
export function Filters({ state, range, subject, onChange }: Properties) {
  const { can } = useViewer();
  const isFiltered = state.workspace !== null || [state.keys, state.providers, state.models, state.tiers].some((chosen) => chosen.length > 0);
  const values = useValues(range, subject, state);
  return (
    <Toolbar>
      <RangeField selection={state.selection} place={state.place} onChange={(selection) => onChange({ selection, interval: null })} />
      <PlaceFields place={state.place} onChange={(place) => onChange({ place })} />
      <Field label="Group by">
        <Select
          value={state.groupBy ?? "NONE"}
          onChange={(groupBy) => onChange({ groupBy: groupBy === "NONE" ? null : groupBy })}
          options={[...dimensions.map((value) => ({ value, label: dimensionNames[value] })), { value: "NONE" as const, label: "Nothing" }]}
        />
      </Field>
      {can.seeEverything && <WorkspaceFilter state={state} onChange={onChange} />}
      <KeyFilter state={state} onChange={onChange} />
      <Choose
        label="Providers"
        all="All providers"
        empty="None was used in this range."
        choices={values.providers}
        chosen={state.providers}
        onChange={(providers) => onChange({ providers })}
      />
      <Choose
        label="Models"
        all="All models"
        empty="None was used in this range."
        choices={values.models}
        chosen={state.models}
        onChange={(models) => onChange({ models })}
      />
      <Choose
        label="Service tiers"
        all="All tiers"
        empty="No tier has this name."
        choices={tierChoices}
        chosen={state.tiers}
        onChange={(tiers) => onChange({ tiers: tiers as ServiceTier[] })}
      />
      {isFiltered && (
        <Button variant="quiet" icon="close" onClick={() => onChange({ workspace: null, keys: [], providers: [], models: [], tiers: [] })}>
          No filters
        </Button>
      )}
    </Toolbar>
  );
}

/** Providers and models that were used in the range, and those that are chosen. */
function useValues(range: Range, subject: string | null, state: ExplorerState) {
  const filter = { subjectId: state.workspace ?? subject, from: range.from.toISOString(), to: range.to.toISOString() };
  const [{ data }] = useQuery({ query: UsageValues, variables: { filter, interval: intervalOf(range) } });
  return useMemo(() => {
    const found = { providers: new Set(state.providers), models: new Set(state.models) };
    for (const { others, dimensions: parts } of data?.usage?.series ?? []) {
      for (const { dimension, value } of others ? [] : parts) {
        if (typeof value === "string") found[dimension === "PROVIDER" ? "providers" : "models"].add(value);
      }
    }
    const choices = (values: Set<string>) => [...values].sort().map((value) => ({ value, name: value }));
    return { providers: choices(found.providers), models: choices(found.models) };
  }, [data, state.providers, state.models]);
}

function WorkspaceFilter({ state, onChange }: Pick<Properties, "state" | "onChange">) {
  const { organization } = useViewer();
  const [{ data }] = useQuery({ query: UsageWorkspaces, variables: { organization: organization.id } });
  const workspaces = data?.node?.__typename === "Organization" ? data.node.workspaces.nodes : [];
  const known = state.workspace === null || workspaces.some(({ id }) => id === state.workspace);
  return (
    <Field label="Workspace">
      <Select
        value={state.workspace ?? ""}
        onChange={(workspace) => onChange({ workspace: workspace === "" ? null : workspace })}
        options={[
          { value: "", label: "All workspaces" },
          ...workspaces.map(({ id, name }) => ({ value: id, label: name })),
          ...(known ? [] : [{ value: state.workspace ?? "", label: "Another workspace" }]),
        ]}
      />
    </Field>
  );
}

function KeyFilter({ state, onChange }: Pick<Properties, "state" | "onChange">) {
  const [typed, setTyped] = useState("");
  const { organization } = useViewer();
  const [{ data: found }] = useQuery({
    query: UsageKeys,
    variables: { organization: organization.id, search: typed.trim() === "" ? null : typed.trim(), owner: state.workspace },
  });
  const [{ data: chosen }] = useQuery({ query: UsageChosenKeys, variables: { ids: state.keys }, pause: state.keys.length === 0 });
  const choices = useMemo(() => {
    const keys = new Map<string, { value: string; name: string; note: string }>();
    for (const node of state.keys.length > 0 ? (chosen?.nodes ?? []) : []) {
      if (node?.__typename === "ApiKey") keys.set(node.id, { value: node.id, name: node.name, note: node.prefix });
    }
    for (const { id, name, prefix } of found?.apiKeys?.nodes ?? []) keys.set(id, { value: id, name, note: prefix });
    return [...keys.values()];
  }, [found, chosen, state.keys]);
  return (
    <Choose
      label="API keys"
      all="All keys"
      empty="No key has this name."
      choices={choices}
      chosen={state.keys}
      onChange={(keys) => onChange({ keys })}
      onSearch={setTyped}
    />
  );
}
