import { useRef } from "react";
import { Button } from "../../../ui/Button";
import { Field, FieldRow } from "../../../ui/Field";
import { Select, TextInput } from "../../../ui/Inputs";
import { Note, NotInPlan } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { BudgetRows } from "../../keys/form/BudgetRows";
import { newBudget, newRate, type KeyDraft } from "../../keys/form/draft";
import { at } from "../../keys/form/fields";
import type { OwnerOption } from "../../keys/form/KeyForm";
import styles from "../../keys/form/KeyForm.module.css";
import { RateRows } from "../../keys/form/RateRows";
import { addRow } from "../../keys/form/rows";
import type { DraftState } from "../../keys/form/useDraft";
import { useFocusOnErrors } from "../../keys/form/useFocusOnErrors";
import { Conditions } from "./Conditions";
import { GroupBy } from "./GroupBy";
import { partAt, type PolicyPart } from "./part";

interface Properties {
  state: DraftState;
  /** What is saved; undefined of a new policy. */
  base: KeyDraft | undefined;
  owners: readonly OwnerOption[];
  governance: boolean;
  pending: boolean;
  /** What the button that sends it says. */
  submit: string;
  onSubmit: () => void;
  onCancel: () => void;
}

/** Everything of a policy that can be set: saved as a whole, or not at all. */
export function PolicyForm({ state, base, owners, governance, pending, submit, onSubmit, onCancel }: Properties) {
  const { draft, errors, edit, pend } = state;
  const part = draft.policy!;
  const form = useRef<HTMLFormElement>(null);
  const rows = useRef(0);
  const nextRow = () => `new-${++rows.current}`;
  const focusErrors = useFocusOnErrors(form);
  const count = Object.keys(errors).length;
  const put = (field: string, change: Partial<PolicyPart>) => edit(field, (known) => ({ ...known, policy: { ...known.policy!, ...change } }));
  const addBudget = () => edit(at.budgets, (known) => ({ ...known, budgets: [...known.budgets, newBudget(known, nextRow())] }));
  const addRate = () => edit(at.rates, (known) => ({ ...known, rates: [...known.rates, newRate(known, nextRow())] }));
  const addCondition = () =>
    put(partAt.conditions, { conditions: [...part.conditions, { key: nextRow(), attribute: "model", name: "", in: [], notIn: [] }] });
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Policy"
      onSubmit={(event) => {
        event.preventDefault();
        if (pending) return;
        focusErrors();
        onSubmit();
      }}
    >
      {!governance && <NotInPlan what="Policies, and changes of policies," />}
      <Card title="Policy">
        <div className={styles.fields}>
          <FieldRow>
            <Field label="Name" error={errors[at.name]} required>
              <TextInput
                value={draft.name}
                autoComplete="off"
                placeholder="Each user"
                onChange={(event) => edit(at.name, (known) => ({ ...known, name: event.target.value }))}
              />
            </Field>
            <Field
              label="Of the requests of"
              error={errors[at.ownerId]}
              hint={base ? "Stays what it is." : "A workspace: those of its API keys alone."}
            >
              <Select
                value={draft.ownerId}
                disabled={base !== undefined}
                options={owners.map(({ id, name }) => ({ value: id, label: name.replace(" (no workspace)", "") }))}
                onChange={(ownerId) => edit(at.ownerId, (known) => ({ ...known, ownerId }))}
              />
            </Field>
          </FieldRow>
          <Field label="Mode" error={errors[partAt.mode]} hint="Shadow counts and alerts, and refuses nothing: what it would refuse is shown.">
            <Select
              value={part.mode}
              options={[
                { value: "ENFORCE", label: "Refuses requests" },
                { value: "SHADOW", label: "Shadow" },
              ]}
              onChange={(mode) => put(partAt.mode, { mode })}
            />
          </Field>
        </div>
      </Card>
      <Card title="Which requests">
        <div className={styles.fields}>
          <p className={styles.hint}>A request falls under the policy when all conditions hold. Without any, all do.</p>
          <Conditions
            conditions={part.conditions}
            errors={errors}
            onChange={(field, conditions) => put(field, { conditions })}
            onAdd={addCondition}
            onPending={pend}
          />
        </div>
      </Card>
      <Card title="Groups">
        <div className={styles.fields}>
          <GroupBy groupBy={part.groupBy} errors={errors} onChange={(groupBy) => put(partAt.groupBy, { groupBy })} onPending={pend} />
          <Field
            label="Groups at most"
            error={errors[partAt.maxGroups]}
            hint="A request that would make one more is denied: invented values cannot fill the database."
          >
            <TextInput numeric value={part.maxGroups} onChange={(event) => put(partAt.maxGroups, { maxGroups: event.target.value })} />
          </Field>
        </div>
      </Card>
      <Card title="Budgets">
        <div className={styles.fields}>
          {draft.budgets.length === 0 ? (
            <AddFirst label="Add budget" text="How much each group may use up in a period, in dollars, tokens or requests." onAdd={addBudget} />
          ) : (
            <BudgetRows
              budgets={draft.budgets}
              saved={base?.budgets ?? []}
              errors={errors}
              mayChange
              onChange={(field, budgets) => edit(field, (known) => ({ ...known, budgets }))}
              onAdd={addBudget}
              onPending={pend}
            />
          )}
          {errors[at.budgets] && <p className={styles.error}>{errors[at.budgets]}</p>}
          <p className={styles.hint}>Alerts go to the recipients of what the policy stands on, and name the group.</p>
        </div>
      </Card>
      <Card title="Rate limits">
        <div className={styles.fields}>
          {draft.rates.length === 0 ? (
            <AddFirst label="Add rate limit" text="How much each group may use in a minute, an hour or a day, by the UTC clock." onAdd={addRate} />
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
        <Button type="submit" variant="primary" pending={pending} disabled={!governance}>
          {submit}
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
