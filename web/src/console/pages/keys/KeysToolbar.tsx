import { useEffect, useRef, useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { Field } from "../../ui/Field";
import { Checkbox, SearchInput, Select } from "../../ui/Inputs";
import { Toolbar } from "../../ui/Page";
import { CreatorsQuery } from "./documents";
import styles from "./KeysPage.module.css";
import { statusText } from "./KeyStatus";
import { defaultStatuses, searchable, statuses, type Change, type ListSearch, type Status } from "./list";
import { useOwners } from "./useOwners";

interface Properties {
  search: ListSearch;
  /** `replace`: no step of its own in the browser's history. */
  onChange: (change: Change, replace?: boolean) => void;
}

/** Which keys the table shows. */
export function KeysToolbar({ search, onChange }: Properties) {
  const { can, organization, member } = useViewer();
  const { owners } = useOwners();
  const [{ data }] = useQuery({ query: CreatorsQuery, variables: { organizationId: organization.id }, pause: !can.seeEverything });
  const members = data?.node?.__typename === "Organization" ? data.node.members.nodes : [];
  const shown = search.status ?? defaultStatuses;
  const show = (status: Status, on: boolean) => {
    const next = statuses.filter((one) => (one === status ? on : shown.includes(one)));
    const isDefault = next.length === 0 || next.join() === defaultStatuses.join();
    onChange({ status: isDefault ? undefined : next });
  };
  return (
    <Toolbar>
      <div className={styles.search}>
        <TextFilter text={search.q ?? ""} onText={(q) => onChange({ q: q === "" ? undefined : q }, true)} />
      </div>
      <div className={styles.filter}>
        <Field label="Owner">
          <Select
            value={search.owner ?? ""}
            options={[{ value: "", label: "Any" }, ...owners.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(owner) => onChange({ owner: owner === "" ? undefined : owner })}
          />
        </Field>
      </div>
      {can.seeEverything && members.length > 0 && (
        <div className={styles.filter}>
          <Field label="Created by">
            <Select
              value={search.by ?? ""}
              options={[
                { value: "", label: "Anybody" },
                ...members.map(({ id, name, email }) => ({ value: id, label: id === member?.id ? `${name ?? email} (me)` : (name ?? email) })),
              ]}
              onChange={(by) => onChange({ by: by === "" ? undefined : by })}
            />
          </Field>
        </div>
      )}
      <fieldset className={styles.statuses}>
        <legend>Status</legend>
        <div>
          {statuses.map((status) => (
            <Checkbox key={status} label={statusText(status)} checked={shown.includes(status)} onChange={(on) => show(status, on)} />
          ))}
        </div>
      </fieldset>
    </Toolbar>
  );
}

/** How long nothing is typed before it is searched for, in milliseconds. */
const delay = 250;

/** A search field, whose text goes into the address when nothing more is typed. */
function TextFilter({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  const tell = useRef(onText);
  tell.current = onText;
  // The address may change by itself, as by the Back button.
  if (text !== told.current && searchable(typed) === told.current) {
    told.current = text;
    setTyped(text);
  }
  useEffect(() => {
    const next = searchable(typed);
    if (next === told.current) return;
    const timer = setTimeout(() => {
      told.current = next;
      tell.current(next);
    }, delay);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label="Search">
      <SearchInput value={typed} maxLength={200} placeholder="Name, description, bsr_…" onChange={(event) => setTyped(event.target.value)} />
    </Field>
  );
}
