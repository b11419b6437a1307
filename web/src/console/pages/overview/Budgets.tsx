import { useMemo } from "react";
import type { OverviewBudgetFragment } from "../../gql/graphql";
import { Bar } from "../../ui/Bar";
import { amount, compact, dayAt, money, percent, shortAmount } from "../../ui/format";
import { Card, Columns } from "../../ui/Page";
import { TimeChart } from "../../ui/figures/TimeChart";
import { burnDownOf } from "./burnDown";
import styles from "./Overview.module.css";

const periods = {
  NONE: "",
  DAILY: ", daily",
  WEEKLY: ", weekly",
  MONTHLY: ", monthly",
  QUARTERLY: ", quarterly",
  YEARLY: ", yearly",
  EVERY_DAYS: ", periodic",
} as const;

/** The organization's budgets: how full each is, how it came to be, and where that leads. */
export function Budgets({ budgets }: { budgets: readonly OverviewBudgetFragment[] | undefined }) {
  if (budgets === undefined || budgets.length === 0) return null;
  return (
    <Columns>
      {budgets.map((budget) => (
        <Budget key={budget.id} budget={budget} />
      ))}
    </Columns>
  );
}

function Budget({ budget }: { budget: OverviewBudgetFragment }) {
  const { type, used, reserved, remaining, periodicReset, thresholds, timeZone } = budget;
  const limit = amount(budget.amount, type);
  const { times, series } = useMemo(() => burnDownOf(budget, Date.now()), [budget]);
  const marks = useMemo(
    () => [
      ...thresholds.map(({ amount: at }) => ({ value: Number(at), label: percent(Number(at) / Number(budget.amount)) })),
      { value: Number(budget.amount), label: shortAmount(budget.amount, type), strong: true },
    ],
    [thresholds, budget.amount, type],
  );
  const period = periods[periodicReset as keyof typeof periods] ?? "";
  return (
    <Card title={`${type === "COST" ? "Cost budget" : "Token budget"}${period}`}>
      <div className={styles.budget}>
        <p className={styles.budgetFigure}>
          <strong>{shortAmount(used, type)}</strong> of {shortAmount(budget.amount, type)}
          {type !== "COST" && ` ${type.toLowerCase()}`}
        </p>
        <Bar
          label={`${amount(used, type)} of ${limit} used, ${amount(reserved, type)} held`}
          used={Number(used)}
          held={Number(reserved)}
          max={Number(budget.amount)}
          thresholds={thresholds.map((one) => Number(one.amount))}
        />
        <p className={styles.parts}>
          <span>{shortAmount(reserved, type)} held</span>
          <span>{shortAmount(remaining, type)} left</span>
        </p>
        <p className={styles.projection}>{projection(budget)}</p>
      </div>
      <TimeChart
        label="Used of the budget, and where the last 7 days lead"
        kind="lines"
        times={times}
        series={series}
        marks={marks}
        format={(value) => (type === "COST" ? money(value.toFixed(2)) : compact(value))}
        timeZone={timeZone}
        formatTime={(seconds) => dayAt(new Date(seconds * 1000).toISOString(), timeZone)}
        height={190}
      />
    </Card>
  );
}

function projection({ exhausted, projectedExhaustion, periodEnd, timeZone }: OverviewBudgetFragment): string {
  if (exhausted) return `Used up: requests are denied${periodEnd ? ` until ${dayAt(periodEnd, timeZone)}` : ""}.`;
  if (projectedExhaustion) return `At the pace of the last 7 days it is used up on ${dayAt(projectedExhaustion, timeZone)}.`;
  return periodEnd
    ? `At the pace of the last 7 days it lasts until it resets on ${dayAt(periodEnd, timeZone)}.`
    : "At the pace of the last 7 days it is not used up.";
}
