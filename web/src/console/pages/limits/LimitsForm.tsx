import { useRef, type ReactNode } from "react";
import { Button } from "../../ui/Button";
import { Note, NotInPlan } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { BudgetRows } from "../keys/form/BudgetRows";
import { newBudget, newRate, type KeyDraft } from "../keys/form/draft";
import { at } from "../keys/form/fields";
import styles from "../keys/form/KeyForm.module.css";
import { AlertPreview } from "../keys/form/AlertPreview";
import { RateRows } from "../keys/form/RateRows";
import { Recipients, type DefaultRecipient } from "../keys/form/Recipients";
import { addRow } from "../keys/form/rows";
import type { DraftState } from "../keys/form/useDraft";
import { useFocusOnErrors } from "../keys/form/useFocusOnErrors";

interface Properties {
  state: DraftState;
  /** What is saved. */
  base: KeyDraft;
  /** What the limits are of: workspace, organization. */
  noun: string;
  defaults: readonly DefaultRecipient[];
  /** E-mail domains of which recipients may be added; none: any. */
  domains: readonly string[];
  /** Whether the plan includes limits. Those that exist can be deleted all the same. */
  governance: boolean;
  pending: boolean;
  notes?: ReactNode;
  onSubmit: () => void;
  onCancel: () => void;
}

/** Budgets, rate limits and recipients of a workspace or an organization, in the rows of an API key's form; saved as a whole. */
export function LimitsForm({ state, base, noun, defaults, domains, governance, pending, notes, onSubmit, onCancel }: Properties) {
  const { draft, errors, edit, pend } = state;
  const form = useRef<HTMLFormElement>(null);
  const rows = useRef(0);
  const nextRow = () => `new-${++rows.current}`;
  const focusErrors = useFocusOnErrors(form);
  const count = Object.keys(errors).length;
  const addBudget = () => edit(at.budgets, (known) => ({ ...known, budgets: [...known.budgets, newBudget(known, nextRow())] }));
  const addRate = () => edit(at.rates, (known) => ({ ...known, rates: [...known.rates, newRate(known, nextRow())] }));
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label={`Limits of the ${noun}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (pending) return;
        focusErrors();
        onSubmit();
      }}
    >
      {!governance && <NotInPlan what="New limits, and changes of limits," />}
      {(governance || draft.budgets.length > 0) && (
        <Card title="Budgets">
          <div className={styles.fields}>
            {draft.budgets.length === 0 ? (
              <AddFirst
                label="Add budget"
                text={`How much all keys of the ${noun} together may use up in a period, in dollars or tokens.`}
                onAdd={addBudget}
              />
            ) : (
              <BudgetRows
                budgets={draft.budgets}
                saved={base.budgets}
                errors={errors}
                mayChange
                onChange={(field, budgets) => edit(field, (known) => ({ ...known, budgets }))}
                onAdd={addBudget}
                onPending={pend}
              />
            )}
            {errors[at.budgets] && <p className={styles.error}>{errors[at.budgets]}</p>}
          </div>
        </Card>
      )}
      {(governance || draft.rates.length > 0) && (
        <Card title="Rate limits">
          <div className={styles.fields}>
            {draft.rates.length === 0 ? (
              <AddFirst
                label="Add rate limit"
                text={`How much all keys of the ${noun} together may use in a minute, an hour or a day, by the UTC clock.`}
                onAdd={addRate}
              />
            ) : (
              <RateRows
                rates={draft.rates}
                errors={errors}
                mayChange
                onChange={(field, rates) => edit(field, (known) => ({ ...known, rates }))}
                onAdd={addRate}
              />
            )}
            {errors[at.rates] && <p className={styles.error}>{errors[at.rates]}</p>}
          </div>
        </Card>
      )}
      <Card title="Email notifications">
        <div className={styles.fields}>
          <Recipients
            recipients={draft.recipients}
            saved={base.recipients}
            defaults={defaults}
            domains={domains}
            errors={errors}
            mayRemove
            noun={noun}
            onChange={(field, recipients) => edit(field, (known) => ({ ...known, recipients }))}
            onPending={pend}
          />
        </div>
      </Card>
      <AlertPreview draft={draft} base={base} subject={{ subjectId: base.ownerId }} />
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
          Save
        </Button>
      </div>
    </form>
  );
}

/** In place of rows, where there are none. */
function AddFirst({ label, text, onAdd }: { label: string; text: string; onAdd: () => void }) {
  return (
    <div className={styles.fields}>
      <p className={styles.hint}>{text}</p>
      <div>
        <Button icon="plus" onClick={(event) => addRow(event.currentTarget, onAdd)}>
          {label}
        </Button>
      </div>
    </div>
  );
}
