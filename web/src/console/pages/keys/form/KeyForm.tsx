import { useRef, useState, type ReactNode } from "react";
import { Button } from "../../../ui/Button";
import { Field, FieldRow } from "../../../ui/Field";
import { Select, Switch, TextArea, TextInput } from "../../../ui/Inputs";
import { Note, NotInPlan } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { AlertPreview } from "./AlertPreview";
import { BudgetRows } from "./BudgetRows";
import { newBudget, newRate, type KeyDraft } from "./draft";
import { Expiry } from "./Expiry";
import { at } from "./fields";
import styles from "./KeyForm.module.css";
import { MetadataRows } from "./MetadataRows";
import { RateRows } from "./RateRows";
import { Recipients, type DefaultRecipient } from "./Recipients";
import type { DraftState } from "./useDraft";
import { useFocusOnErrors } from "./useFocusOnErrors";

/** What can own a key. */
export interface OwnerOption {
  id: string;
  name: string;
}

/** What a form offers to who uses it. */
export interface FormRights {
  /** Change and remove what is saved: limits, recipients; move the key; switch mail off. A MEMBER only adds. */
  administer: boolean;
  /** Whether the plan includes limits. */
  governance: boolean;
  /** The latest expiry that may be set; undefined any. */
  expiresAtMost?: string | undefined;
}

interface Properties {
  state: DraftState;
  /** What is saved; undefined of a new key. */
  base: KeyDraft | undefined;
  /** The key's id; undefined of a new key. */
  keyId?: string | undefined;
  owners: readonly OwnerOption[];
  defaults: readonly DefaultRecipient[];
  domains: readonly string[];
  rights: FormRights;
  pending: boolean;
  /** What the button that sends it says. */
  submit: string;
  /** Between the form and its buttons: what failed as a whole. */
  notes?: ReactNode;
  onSubmit: () => void;
  onCancel: () => void;
}

/** Everything of a key that can be set, in one form: saved as a whole, or not at all. */
export function KeyForm({ state, base, keyId, owners, defaults, domains, rights, pending, submit, notes, onSubmit, onCancel }: Properties) {
  const { draft, errors, edit, pend } = state;
  const form = useRef<HTMLFormElement>(null);
  const rows = useRef(0);
  const nextRow = () => `new-${++rows.current}`;
  const focusErrors = useFocusOnErrors(form);
  const count = Object.keys(errors).length;

  const put = (field: keyof KeyDraft & string, value: KeyDraft[keyof KeyDraft]) => edit(field, (known) => ({ ...known, [field]: value }));
  const budgets = useToggledList(
    draft.budgets,
    (list) => edit(at.budgets, (known) => ({ ...known, budgets: list })),
    () => newBudget(draft, nextRow()),
  );
  const rates = useToggledList(draft.rates, (list) => edit(at.rates, (known) => ({ ...known, rates: list })), () => newRate(draft, nextRow()));
  const mayToggle = (saved: number) => rights.administer || saved === 0;

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="API key"
      onSubmit={(event) => {
        event.preventDefault();
        if (pending) return;
        focusErrors();
        onSubmit();
      }}
    >
      <Card title="Key">
        <div className={styles.fields}>
          <FieldRow>
            <Field label="Name" error={errors[at.name]} required>
              <TextInput
                value={draft.name}
                autoComplete="off"
                placeholder="Support assistant"
                onChange={(event) => put("name", event.target.value)}
              />
            </Field>
            <Field label="Owner" error={errors[at.ownerId]} hint="Its limits apply to the key as well." required>
              <Select
                value={draft.ownerId}
                disabled={base !== undefined && !rights.administer}
                options={owners.map((owner) => ({ value: owner.id, label: owner.name }))}
                onChange={(id) => put("ownerId", id)}
              />
            </Field>
          </FieldRow>
          <Field label="Description" error={errors[at.description]}>
            <TextArea
              rows={2}
              value={draft.description}
              placeholder="What it is for"
              onChange={(event) => put("description", event.target.value)}
            />
          </Field>
          <Expiry
            value={draft.expiresAt}
            error={errors[at.expiresAt]}
            atMost={rights.expiresAtMost}
            onChange={(iso) => put("expiresAt", iso)}
          />
          <MetadataRows
            entries={draft.metadata}
            errors={errors}
            onChange={(field, metadata) => edit(field, (known) => ({ ...known, metadata }))}
            onAdd={() =>
              edit(at.metadata, (known) => ({ ...known, metadata: [...known.metadata, { key: nextRow(), name: "", value: "" }] }))
            }
          />
        </div>
      </Card>

      {!rights.governance && <NotInPlan what="New limits, and changes of limits," />}
      {(rights.governance || draft.budgets.length > 0) && (
        <Card>
          <div className={styles.fields}>
            <Switch
              label="Add budget limit"
              hint="How much the key may use up in a period, in dollars or tokens. What is used up denies requests."
              checked={draft.budgets.length > 0}
              disabled={!mayToggle(base?.budgets.length ?? 0)}
              onChange={budgets.toggle}
            />
            {draft.budgets.length > 0 && (
              <BudgetRows
                budgets={draft.budgets}
                saved={base?.budgets ?? []}
                errors={errors}
                mayChange={rights.administer}
                onChange={(field, list) => edit(field, (known) => ({ ...known, budgets: list }))}
                onAdd={budgets.add}
                onPending={pend}
              />
            )}
            {errors[at.budgets] && <p className={styles.error}>{errors[at.budgets]}</p>}
          </div>
        </Card>
      )}
      {(rights.governance || draft.rates.length > 0) && (
        <Card>
          <div className={styles.fields}>
            <Switch
              label="Add rate limit"
              hint="How much the key may use in a minute, an hour or a day, by the UTC clock."
              checked={draft.rates.length > 0}
              disabled={!mayToggle(base?.rates.length ?? 0)}
              onChange={rates.toggle}
            />
            {draft.rates.length > 0 && (
              <RateRows
                rates={draft.rates}
                errors={errors}
                mayChange={rights.administer}
                onChange={(field, list) => edit(field, (known) => ({ ...known, rates: list }))}
                onAdd={rates.add}
              />
            )}
            {errors[at.rates] && <p className={styles.error}>{errors[at.rates]}</p>}
          </div>
        </Card>
      )}
      <Card>
        <div className={styles.fields}>
          <Switch
            label="Email notifications"
            hint={
              "Mail when a budget of the key reaches a threshold, is used up, or refuses a request. " +
              "Without mail, alerts are recorded all the same."
            }
            checked={draft.emailNotifications}
            disabled={!rights.administer && draft.emailNotifications}
            onChange={(checked) => put("emailNotifications", checked)}
          />
          {draft.emailNotifications && (
            <Recipients
              recipients={draft.recipients}
              saved={base?.recipients ?? []}
              defaults={defaults}
              domains={domains}
              errors={errors}
              mayRemove={rights.administer}
              onChange={(field, recipients) => edit(field, (known) => ({ ...known, recipients }))}
              onPending={pend}
            />
          )}
        </div>
      </Card>

      {rights.governance && (
        <AlertPreview
          draft={draft}
          base={base}
          subject={keyId === undefined ? { ownerId: draft.ownerId, name: draft.name } : { subjectId: keyId }}
        />
      )}
      {notes}
      {state.rest.length > 0 && (
        <Note tone="danger" title="The server refused this">
          <ul>
            {state.rest.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Note>
      )}
      <div className={styles.actions}>
        <p className={styles.summary} role="status">
          {count > 0 && `${count === 1 ? "One field needs" : `${count} fields need`} attention.`}
        </p>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={pending}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** A list behind a switch: off takes all away, on again brings back what was there. */
function useToggledList<Row>(list: Row[], put: (list: Row[]) => void, make: () => Row) {
  const [stash, setStash] = useState<Row[]>([]);
  return {
    toggle: (on: boolean) => {
      if (!on) setStash(list);
      put(on ? (stash.length > 0 ? stash : [make()]) : []);
    },
    add: () => put([...list, make()]),
  };
}
