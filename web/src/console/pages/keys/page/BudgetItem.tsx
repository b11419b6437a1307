import { useState } from "react";
import { useMutation, useQuery } from "urql";
import type { KeyBudgetFragment, KeyPeriodsQuery } from "../../../gql/graphql";
import { Bar } from "../../../ui/Bar";
import { Button } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Time } from "../../../ui/Format";
import { amount, compact, dayAt, money } from "../../../ui/format";
import { TextInput } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { Status } from "../../../ui/Status";
import { RaiseDialog } from "../../raises/RaiseDialog";
import { Raises } from "../../raises/Raises";
import { PeriodsQuery, ResetBudget } from "../documents";
import { periodText } from "../form/describe";
import { LimitSwitch } from "../LimitSwitch";
import { raisedAmount } from "../raised";
import { Figures } from "./Figures";
import styles from "./Limits.module.css";
import { PeriodChart } from "./PeriodChart";

/** A budget: what is used, held and left, when it resets, and how its periods before went. */
export function BudgetItem({ budget, mayReset, mayAsk = false }: { budget: KeyBudgetFragment; mayReset: boolean; mayAsk?: boolean }) {
  const { type } = budget;
  const [asking, setAsking] = useState(false);
  const [raising, setRaising] = useState(false);
  const text = (value: string) => amount(value, type);
  const of = `${text(budget.amount)} ${periodText[budget.periodicReset]}`;
  return (
    <article className={styles.limit} aria-label={`Budget of ${of}`}>
      <header className={styles.head}>
        <h3>{of}</h3>
        {budget.exhausted && <Status tone="danger">Used up</Status>}
        <LimitSwitch limit={budget} />
        {(mayReset || mayAsk) && (
          <Button small variant="quiet" onClick={() => setRaising(true)}>
            {mayReset ? "Raise…" : "Ask for more…"}
          </Button>
        )}
        {mayReset && (
          <Button small variant="quiet" onClick={() => setAsking(true)}>
            Reset…
          </Button>
        )}
      </header>
      <Bar
        label={`${text(budget.used)} used, ${text(budget.reserved)} held, ${text(budget.remaining)} left of ${of}`}
        used={Number(budget.used)}
        held={Number(budget.reserved)}
        max={Number(raisedAmount(budget))}
        thresholds={budget.thresholds.map((one) => Number(one.amount))}
      />
      <Figures used={text(budget.used)} held={text(budget.reserved)} left={text(budget.remaining)} />
      <p className={styles.note}>
        Since {dayAt(budget.periodStart, budget.timeZone)};{" "}
        {budget.periodEnd ? <>resets <Time at={budget.periodEnd} /></> : "does not reset by itself"}.
        {budget.thresholds.length > 0 && ` Alerts at ${budget.thresholds.map(thresholdText(text)).join(", ")}.`}
      </p>
      {budget.alertRecipients.length > 0 && <p className={styles.note}>{budget.alertRecipients.map(toldText(text)).join(" ")}</p>}
      {Number(budget.raised) > 0 && <Raises budgetId={budget.id} className={styles.note} />}
      <History budgetId={budget.id} timeZone={budget.timeZone} />
      {raising && <RaiseDialog budget={budget} of={of} asks={!mayReset} onClose={() => setRaising(false)} />}
      {asking && <ResetDialog budget={budget} of={of} onClose={() => setAsking(false)} />}
    </article>
  );
}

/** A threshold as it was set: "80 % ($80.00)" or "$80.00". */
const thresholdText = (text: (amount: string) => string) => (one: { amount: string; percent?: number | null }) =>
  one.percent == null ? text(one.amount) : `${one.percent} % (${text(one.amount)})`;

/** Who hears of an alert that has recipients of its own: "50 % is told to lead@example.com." */
const toldText = (text: (amount: string) => string) => (one: KeyBudgetFragment["alertRecipients"][number]) => {
  const threshold = one.threshold ? text(one.threshold) : `${one.thresholdPercent} %`;
  const alert = one.kind === "REFUSED" ? "A refused request" : one.kind === "EXHAUSTED" ? "That it is used up" : threshold;
  return `${alert} is told to ${[...one.emails, ...(one.includeSubjectRecipients ? ["all recipients"] : [])].join(", ")}.`;
};

type Period = Extract<NonNullable<KeyPeriodsQuery["node"]>, { __typename: "BudgetLimit" }>["periods"]["edges"][number]["node"];

/** The periods of a budget, as columns against what might be used; nothing while the first one lasts. */
function History({ budgetId, timeZone }: { budgetId: string; timeZone: string }) {
  const [{ data, error }] = useQuery({ query: PeriodsQuery, variables: { id: budgetId } });
  const budget = data?.node?.__typename === "BudgetLimit" ? data.node : undefined;
  if (error) return <ErrorNote title="The periods could not be read." error={error} />;
  if (!budget || budget.periods.edges.length < 2) return null;
  const { type } = budget;
  const periods = budget.periods.edges.map(({ node }) => node).reverse();
  const title = (period: Period) => {
    const used = `${amount(period.used, type)} used of ${amount(period.amount, type)}`;
    return `From ${dayAt(period.periodStart, timeZone)}: ${used}${period.closedAt ? "" : ", until now"}`;
  };
  return (
    <div>
      <h4 className={styles.subtitle}>Periods</h4>
      <PeriodChart
        label={`Use of this budget in its last ${periods.length} periods, oldest first: ${periods.map(title).join("; ")}`}
        format={(value) => (type === "COST" ? money(value.toFixed(2)) : compact(value))}
        periods={periods.map((period) => ({
          key: `${period.generation} ${period.periodStart}`,
          label: dayAt(period.periodStart, timeZone).replace(/ \d+$/, ""),
          title: title(period),
          used: Number(period.used),
          amount: Number(period.amount),
        }))}
      />
    </div>
  );
}

function ResetDialog({ budget, of, onClose }: { budget: KeyBudgetFragment; of: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [{ fetching, error }, reset] = useMutation(ResetBudget);
  const confirm = async () => {
    const { error: failed } = await reset({ input: { id: budget.id, ...(reason.trim() === "" ? {} : { reason }) } });
    if (!failed) onClose();
  };
  return (
    <ConfirmDialog
      title={`Reset the budget of ${of}?`}
      description="It starts again at zero now, inside the same period. What was used moves to its history; requests in flight are charged there."
      confirm="Reset"
      pending={fetching}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Field label="Reason" hint="For the audit log; may be empty">
        <TextInput value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ErrorNote title="It was not reset." error={error} />
    </ConfirmDialog>
  );
}
