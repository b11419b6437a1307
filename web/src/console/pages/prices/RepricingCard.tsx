import { useEffect, useEffectEvent } from "react";
import { useQuery } from "urql";
import { Bar } from "../../ui/Bar";
import { IconButton } from "../../ui/Button";
import { count, money } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { Status } from "../../ui/Status";
import styles from "./Prices.module.css";
import { RepricingById } from "./repricing";
import { repricingStates } from "./words";

interface Properties {
  id: string;
  /** Called once, when it is finished. */
  onFinished: () => void;
  onClose: () => void;
}

/** How often the progress is read, in milliseconds. */
const readEvery = 2000;

/** How far a repricing is, and what it has booked. */
export function RepricingCard({ id, onFinished, onClose }: Properties) {
  const [{ data, error }, read] = useQuery({ query: RepricingById, variables: { id } });
  const repricing = data?.node?.__typename === "Repricing" ? data.node : undefined;
  const state = repricing?.state;
  const again = useEffectEvent(() => read({ requestPolicy: "network-only" }));
  const finished = useEffectEvent(onFinished);
  useEffect(() => {
    if (state === "FINISHED") {
      finished();
      return;
    }
    const timer = setInterval(again, readEvery);
    return () => clearInterval(timer);
  }, [state]);
  if (!repricing) return <ErrorNote title="The progress could not be read." error={error} />;
  return (
    <Card
      title={`Pricing ${repricing.model ?? "all models"} again`}
      actions={<IconButton small label="Close" icon="close" onClick={onClose} />}
    >
      <div className={styles.progress} role="status">
        <Status tone={repricing.state === "FINISHED" ? "good" : "neutral"}>{repricingStates[repricing.state]}</Status>
        <Bar label={`${repricing.percent}% looked at`} used={repricing.percent} max={100.001} />
        <p>
          {count(repricing.events)} events compared, {count(repricing.corrections)} corrected, {money(repricing.difference)} in all.
        </p>
      </div>
    </Card>
  );
}
