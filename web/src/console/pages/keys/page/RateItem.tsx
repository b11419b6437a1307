import type { KeyRateFragment } from "../../../gql/graphql";
import { Bar } from "../../../ui/Bar";
import { count, instant } from "../../../ui/format";
import { Status } from "../../../ui/Status";
import { intervalText } from "../form/describe";
import { Figures } from "./Figures";
import styles from "./Limits.module.css";

/** A rate limit: what of its current window is used, held and left. */
export function RateItem({ rate }: { rate: KeyRateFragment }) {
  const counted = rate.type === "REQUESTS" ? "requests" : "tokens";
  const of = `${count(rate.limit)} ${counted} ${intervalText[rate.interval]}`;
  return (
    <article className={styles.limit} aria-label={`Rate limit of ${of}`}>
      <header className={styles.head}>
        <h3>{of}</h3>
        {rate.remaining === 0 && <Status tone="danger">Full</Status>}
      </header>
      <Bar
        label={`${count(rate.used)} ${counted} used, ${count(rate.reserved)} held, ${count(rate.remaining)} left of ${of}`}
        used={rate.used}
        held={rate.reserved}
        max={rate.limit}
      />
      <Figures used={count(rate.used)} held={count(rate.reserved)} left={count(rate.remaining)} />
      <p className={styles.note}>
        Begins again at zero {instant(rate.resetsAt)}.
      </p>
    </article>
  );
}
