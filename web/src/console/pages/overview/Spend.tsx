import { useMemo } from "react";
import { Money, Count } from "../../ui/Format";
import { dayUTC, money, percent } from "../../ui/format";
import { Card } from "../../ui/Page";
import { Stat, Stats } from "../../ui/figures/Stat";
import { TimeChart } from "../../ui/figures/TimeChart";
import { between, change, costOf, sumOf, type Bucket, type Days } from "./days";
import styles from "./Overview.module.css";

/** How many days the chart shows. */
const shownDays = 30;

/** What was spent today, this week and this month, against what was before, and day by day. */
export function Spend({ buckets, days }: { buckets: readonly Bucket[] | undefined; days: Days }) {
  const yesterday = days.today - 86_400_000;
  const sum = (from: number, to: number) => costOf(between(buckets ?? [], from, to));
  const today = between(buckets ?? [], days.today, days.tomorrow);
  const month = between(buckets ?? [], days.month, days.tomorrow);
  const read = buckets !== undefined;
  return (
    <>
      <Stats>
        <Stat
          label="Spent today"
          value={read ? <Money dollars={sum(days.today, days.tomorrow)} /> : "–"}
          note={read && <>Yesterday {money(sum(yesterday, days.today))}</>}
        />
        <Stat
          label="This week"
          value={read ? <Money dollars={sum(days.week, days.tomorrow)} /> : "–"}
          note={
            read && (
              <Before label="Last week" dollars={sum(days.lastWeek, days.week)} share={change(buckets, days.week, days.lastWeek, days)} />
            )
          }
        />
        <Stat
          label="This month"
          value={read ? <Money dollars={costOf(month)} /> : "–"}
          note={
            read && (
              <Before
                label="Last month"
                dollars={sum(days.lastMonth, days.month)}
                share={change(buckets, days.month, days.lastMonth, days)}
              />
            )
          }
        />
        <Stat
          label="Requests today"
          value={read ? <Count value={sumOf(today, "requests")} short /> : "–"}
          note={
            read && (
              <>
                <Count value={sumOf(today, "tokens")} short /> tokens
              </>
            )
          }
        />
        <Stat
          label="Denied today"
          value={read ? <Count value={sumOf(today, "denied")} short /> : "–"}
          note={
            read && (
              <>
                <Count value={sumOf(month, "denied")} short /> this month
              </>
            )
          }
        />
      </Stats>
      {read && <DayChart buckets={buckets.slice(-shownDays)} />}
    </>
  );
}

/** What was spent in the period before, and how the days of this one compare with as many of that. */
function Before({ label, dollars, share }: { label: string; dollars: string; share: number | undefined }) {
  return (
    <>
      {label} {money(dollars)}
      {share !== undefined && (
        <span className={styles.change} title="In the whole days of this period, against as many days of the one before">
          {share >= 0 ? "▲" : "▼"} {percent(Math.abs(share))}
          <span className="visually-hidden">{share >= 0 ? " more" : " less"} by the same day</span>
        </span>
      )}
    </>
  );
}

function DayChart({ buckets }: { buckets: readonly Bucket[] }) {
  const times = useMemo(() => buckets.map(({ start }) => Date.parse(start) / 1000), [buckets]);
  const series = useMemo(() => [{ label: "Spent", values: buckets.map(({ cost }) => Number(cost)) }], [buckets]);
  return (
    <Card title="Spent by day" actions={<span className={styles.muted}>last {shownDays} days, UTC</span>}>
      <TimeChart
        label="Spent by day"
        kind="bars"
        times={times}
        series={series}
        format={(value) => money(value.toFixed(2))}
        formatTime={(seconds) => dayUTC(new Date(seconds * 1000).toISOString())}
        height={200}
      />
    </Card>
  );
}
