import type { KeyBudgetFragment, KeyRateFragment } from "../../gql/graphql";
import { Bar } from "../../ui/Bar";
import { amount, compact, count, money } from "../../ui/format";
import { periodText, ratedText } from "./form/describe";
import { LimitSwitch } from "./LimitSwitch";
import { raisedAmount } from "./raised";
import styles from "./LimitBars.module.css";
import { tightest } from "./tightest";

/** What was used of the tightest budget of a key, for a row of the table; of several budgets it says so. */
export function TightestBudget({ budgets, spent }: { budgets: readonly KeyBudgetFragment[]; spent: string | undefined }) {
  const budget = tightest(budgets, raisedAmount);
  if (budget === undefined) {
    return (
      <div className={styles.cell}>
        <span className={styles.figures}>
          <span>{spent === undefined ? "–" : money(spent)}</span> <span className={styles.note}>this month</span>
        </span>
        <span className={styles.note}>no budget</span>
      </div>
    );
  }
  const of = `${amount(raisedAmount(budget), budget.type)} ${periodText[budget.periodicReset]}`;
  return (
    <div className={styles.cell}>
      <span className={styles.figures}>
        <span>{short(budget.used, budget.type)}</span>{" "}
        <span className={styles.note}>
          of {short(raisedAmount(budget), budget.type)}
          {budget.type !== "COST" && ` ${budget.type.toLowerCase()}`} {periodText[budget.periodicReset]}
        </span>
      </span>
      <Bar
        thin
        label={`Budget: ${amount(budget.used, budget.type)} used, ${amount(budget.reserved, budget.type)} held, of ${of}`}
        used={Number(budget.used)}
        held={Number(budget.reserved)}
        max={Number(raisedAmount(budget))}
      />
      <LimitSwitch limit={budget} />
    </div>
  );
}

/** The window of a rate limit, in a row. */
const windowText = { SECOND: "s", MINUTE: "min", HOUR: "h", DAY: "day", WEEK: "week" };

/** Below ten thousand all digits, above it what a row has room for; the bar's label has all. */
const compactCount = (value: number) => (value < 10_000 ? count(value) : compact(value));
const short = (value: string, type: "COST" | "TOKENS" | "REQUESTS") =>
  type !== "COST" ? compactCount(Number(value)) : Number(value) < 100_000 ? money(value) : `$${compact(Number(value))}`;

/** What was used of the tightest rate limit of a key in its window. */
export function TightestRate({ rates }: { rates: readonly KeyRateFragment[] }) {
  const rate = tightest(rates, (one) => one.limit);
  if (rate === undefined) return <span className={styles.note}>no limit</span>;
  const counted = rate.type === "TOKENS" ? "tokens" : "requests";
  return (
    <div className={styles.cell}>
      <span className={styles.figures}>
        <span>{compactCount(rate.used)}</span>{" "}
        <span className={styles.note}>
          of {compactCount(rate.limit)} {rate.interval ? `${counted}/${windowText[rate.interval]}` : "in parallel"}
        </span>
      </span>
      <Bar
        thin
        label={
          `Rate: ${count(rate.used)} ${counted} used, ${count(rate.reserved)} held, ` +
          `of ${count(rate.limit)} ${ratedText(rate.type, rate.interval)}`
        }
        used={rate.used}
        held={rate.reserved}
        max={rate.limit}
      />
      <LimitSwitch limit={rate} />
    </div>
  );
}
