import { useEffect, useState } from "react";
import { useQuery } from "urql";
import type { PreviewAlertsInput, PreviewAlertsQuery } from "../../../gql/graphql";
import { amount } from "../../../ui/format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { Status } from "../../../ui/Status";
import { PreviewAlerts } from "../documents";
import styles from "./AlertPreview.module.css";
import { check } from "./check";
import { describeBudget } from "./describe";
import type { BudgetDraft, BudgetType, KeyDraft } from "./draft";
import { previewOf, sameAddresses, sameBudget } from "./input";

type Previewed = NonNullable<PreviewAlertsQuery["previewAlerts"]>["alerts"][number];
/** What the limits are of: something that there is, or a new key. */
type Subject = { subjectId: string } | { ownerId: string; name: string };

interface Properties {
  draft: KeyDraft;
  /** What is saved; undefined of a new key. */
  base: KeyDraft | undefined;
  subject: Subject;
}

/** How long nothing must have been typed, in milliseconds. */
const settled = 500;

/** Before saving: who is told what of the budgets that a form changes. Nothing is shown while it changes nothing about that. */
export function AlertPreview({ draft, base, subject }: Properties) {
  const [known, setKnown] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setKnown(draft), settled);
    return () => clearTimeout(timer);
  }, [draft]);
  const all = !base || !sameAddresses(base.recipients, known.recipients) || base.emailNotifications !== known.emailNotifications;
  const changed = known.budgets.filter((one) => all || !base.budgets.some((other) => other.id === one.id && sameBudget(other, one)));
  if (changed.length === 0) return null;
  const errors = Object.keys(check(known));
  return (
    <Card title="Who is told what">
      <div className={styles.body}>
        <p className={styles.hint}>
          As it will be once this is saved. Of several alerts together each address is mailed one: the highest that it hears of.
        </p>
        {changed.map((one) => (
          <section key={one.key} aria-label={describeBudget(one)}>
            <h3>{describeBudget(one)}</h3>
            {errors.some((field) => field.startsWith(`budgetLimits/${one.key}`) || field.startsWith("recipients")) ? (
              <p className={styles.hint}>Shown when what is typed is complete.</p>
            ) : (
              <Preview budget={one} draft={known} subject={subject} />
            )}
          </section>
        ))}
      </div>
    </Card>
  );
}

function Preview({ budget, draft, subject }: { budget: BudgetDraft; draft: KeyDraft; subject: Subject }) {
  const input: PreviewAlertsInput = {
    ...("subjectId" in subject ? subject : { ownerId: subject.ownerId, ...(subject.name.trim() !== "" && { name: subject.name }) }),
    budgetLimit: previewOf(budget),
    recipients: draft.recipients,
    emailNotifications: draft.emailNotifications,
  };
  const [{ data, error }] = useQuery({ query: PreviewAlerts, variables: { input }, requestPolicy: "network-only" });
  const alerts = data?.previewAlerts?.alerts;
  if (error) return <ErrorNote title="The preview could not be read." error={error} />;
  if (alerts === undefined) return <p className={styles.hint}>Reading…</p>;
  if (alerts.length === 0) return <p className={styles.hint}>Nobody: a budget that is off tells nothing.</p>;
  return (
    <ul className={styles.alerts}>
      {alerts.map((alert) => (
        <li key={`${alert.kind} ${alert.purpose} ${alert.threshold}`}>
          <div className={styles.alert}>
            <strong>{nameOf(alert, budget.type)}</strong> {alert.raisedNow && <Status tone="warning">at once</Status>}
          </div>
          <ul className={styles.people} aria-label={`Told: ${nameOf(alert, budget.type)}`}>
            {alert.recipients.map((one) => (
              <li key={one.email} className={one.reach === "MAILED" ? undefined : styles.not}>
                <span>{one.email}</span> {one.reach !== "MAILED" && <Status tone="warning">{reachText[one.reach]}</Status>}
                {one.formerMember && <Status tone="warning">was removed as a member</Status>}
              </li>
            ))}
            {alert.recipientCount > alert.recipients.length && <li>and {alert.recipientCount - alert.recipients.length} more</li>}
          </ul>
          <details className={styles.mail}>
            <summary>{alert.subject}</summary>
            <pre tabIndex={0}>{alert.text}</pre>
          </details>
        </li>
      ))}
    </ul>
  );
}

const reachText = {
  SUPPRESSED: "not mailed: bounced or complained",
  INVITED: "not mailed: has not accepted",
  NOTIFICATIONS_OFF: "not mailed: the key sends none",
};

function nameOf({ kind, purpose, threshold, thresholdPercent }: Previewed, type: BudgetType): string {
  if (purpose === "RESET") return "Reset after it was used up";
  if (kind === "EXHAUSTED") return "Used up";
  if (kind === "REFUSED") return "A request is refused";
  const units = amount(threshold ?? "0", type);
  return thresholdPercent ? `${thresholdPercent}% (${units})` : units;
}
