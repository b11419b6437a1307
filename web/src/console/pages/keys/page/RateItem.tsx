import type { KeyRateFragment } from "../../../gql/graphql";
import { Bar } from "../../../ui/Bar";
import { count, instant } from "../../../ui/format";
import { Status } from "../../../ui/Status";
import { ratedText } from "../form/describe";
import { LimitSwitch } from "../LimitSwitch";
import { Figures } from "./Figures";
import styles from "./Limits.module.css";

/** A rate limit: what of its current window is used, held and left. */
export function RateItem({ rate }: { rate: KeyRateFragment }) {
  const counted = rate.type === "TOKENS" ? "tokens" : "requests";
  const of = `${count(rate.limit)} ${ratedText(rate.type, rate.interval)}`;
  return (
    <article className={styles.limit} aria-label={`Rate limit of ${of}`}>
      <header className={styles.head}>
        <h3>{of}</h3>
        {rate.remaining === 0 && <Status tone="danger">Full</Status>}
        <LimitSwitch limit={rate} />
      </header>
      <Bar
        label={`${count(rate.used)} ${counted} used, ${count(rate.reserved)} held, ${count(rate.remaining)} left of ${of}`}
        used={rate.used}
        held={rate.reserved}
        max={rate.limit}
      />
      <Figures used={count(rate.used)} held={count(rate.reserved)} left={count(rate.remaining)} />
      <p className={styles.note}>
        {rate.resetsAt ? `Begins again at zero ${instant(rate.resetsAt)}.` : "Each is given back when its request ends."}
      </p>
    </article>
  );
}
