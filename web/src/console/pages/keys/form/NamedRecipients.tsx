import { ChipField } from "../../../ui/ChipField";
import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Inputs";
import { aboutAddresses, readAddresses } from "./addresses";
import { thresholdTexts } from "./amounts";
import { namedOf, type BudgetDraft, type NamedDraft } from "./draft";
import { at, type Errors } from "./fields";
import styles from "./NamedRecipients.module.css";

interface Properties {
  budget: BudgetDraft;
  /** Which of the form's budgets it is. */
  number: number;
  errors: Errors;
  locked: boolean;
  onChange: (field: string, budget: BudgetDraft) => void;
  onPending: (field: string, text: string) => void;
}

/** Who hears of an alert, as it is chosen. */
const choices = [
  { value: "ALL", label: "All recipients" },
  { value: "NAMED", label: "Only these" },
  { value: "BOTH", label: "These and all" },
] as const;
type Choice = (typeof choices)[number]["value"];

/** Who hears of which alert of a budget: all recipients, unless it names others. Closed until somebody is named. */
export function NamedRecipients({ budget, number, errors, locked, onChange, onPending }: Properties) {
  const named = namedOf(budget);
  const alerts = [
    ...budget.thresholds.map((threshold) => {
      const { percent, amount } = thresholdTexts(budget, threshold);
      return { about: threshold.key, name: threshold.unit === "PERCENT" ? percent : amount };
    }),
    { about: "REFUSED", name: "A request is refused" },
    { about: "EXHAUSTED", name: "Used up, and reset" },
  ];
  const put = (about: string, next: NamedDraft | undefined) =>
    onChange(at.named(budget.key, about), { ...budget, named: [...named.filter((one) => one.about !== about), ...(next ? [next] : [])] });
  return (
    <details className={styles.named} open={named.length > 0 || undefined}>
      <summary>
        Who hears of which alert: {summary(named.length)}
      </summary>
      <ul className={styles.alerts} aria-label={`Alerts of budget ${number}`}>
        {alerts.map(({ about, name }) => {
          const one = named.find((each) => each.about === about);
          return (
            <li key={about}>
              <Field label={name}>
                <Select<Choice>
                  value={one === undefined ? "ALL" : one.too ? "BOTH" : "NAMED"}
                  options={[...choices]}
                  onChange={(choice) =>
                    put(about, choice === "ALL" ? undefined : { about, emails: one?.emails ?? [], too: choice === "BOTH" })
                  }
                />
              </Field>
              {one && <Addresses {...{ one, name, number, budget, errors, locked, put, onPending }} />}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

const summary = (named: number) => (named === 0 ? "all recipients of every alert" : named === 1 ? "one has its own" : `${named} have their own`);

interface AddressesProperties extends Pick<Properties, "budget" | "number" | "errors" | "locked" | "onPending"> {
  one: NamedDraft;
  name: string;
  put: (about: string, next: NamedDraft) => void;
}

function Addresses({ one, name, number, budget, errors, locked, put, onPending }: AddressesProperties) {
  const field = at.named(budget.key, one.about);
  return (
    <ChipField
      label={`Told of “${name}”`}
      error={errors[field]}
      addLabel={`New recipient of ${name} of budget ${number}`}
      placeholder="finance@example.com"
      inputMode="email"
      chips={one.emails.map((email) => ({ key: email, text: email, name: email, fixed: locked }))}
      onAdd={(text) => {
        const found = readAddresses(text, one.emails);
        if (found.added.length > 0) put(one.about, { ...one, emails: [...one.emails, ...found.added] });
        return { rest: found.wrong.join(" "), about: aboutAddresses(found) };
      }}
      onRemove={(email) => put(one.about, { ...one, emails: one.emails.filter((each) => each !== email) })}
      onPending={(text) => onPending(field, text)}
    />
  );
}
