import { useEffect, useEffectEvent, useState } from "react";
import { useMutation, useQuery } from "urql";
import { newRequestId } from "../../../app/requestId";
import type { SimulateLimitsInput } from "../../../gql/graphql";
import { rangeOf } from "../../../time/range";
import { Bar } from "../../../ui/Bar";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { count } from "../../../ui/format";
import { Select } from "../../../ui/Inputs";
import { ErrorNote, Note } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { Status } from "../../../ui/Status";
import { limitInputs } from "../../keys/form/input";
import type { DraftState } from "../../keys/form/useDraft";
import { CancelSimulation, LatestSimulation, SimulateLimits } from "./documents";
import { Refused } from "./Refused";
import styles from "./WhatIf.module.css";
import { isShort } from "./words";

/** How often the progress is read, in milliseconds. */
const readEvery = 1500;

const times = [
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "90d", label: "Last 90 days" },
] as const;

/** Asks what the limits of a form would have refused of the subject's usage, and shows what was found out last. */
export function WhatIf({ subjectId, state }: { subjectId: string; state: DraftState }) {
  const [range, setRange] = useState<(typeof times)[number]["value"]>("30d");
  const [hours, setHours] = useState(false);
  const [{ data, error }, read] = useQuery({ query: LatestSimulation, variables: { subjectId, hours }, requestPolicy: "cache-and-network" });
  const [{ error: refused, fetching }, ask] = useMutation(SimulateLimits);
  const [{ error: notCanceled, fetching: canceling }, cancel] = useMutation(CancelSimulation);
  const simulation = data?.simulations?.nodes[0];
  const running = simulation?.status === "QUEUED" || simulation?.status === "RUNNING";
  const again = useEffectEvent(() => read({ requestPolicy: "network-only" }));
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(again, readEvery);
    return () => clearInterval(timer);
  }, [running]);
  if (simulation && hours !== isShort(simulation)) setHours(!hours);

  const limits = limitInputs(state.draft);
  const none = limits.budgetLimits.length + limits.rateLimits.length === 0;
  const begin = async () => {
    if (Object.keys(state.attempt()).length > 0) return;
    const { from, to } = rangeOf({ preset: range }, new Date());
    const input: SimulateLimitsInput = { subjectId, limits, from: from.toISOString(), to: to.toISOString(), requestId: newRequestId() };
    await ask({ input });
    again();
  };
  return (
    <Card title="What would this have refused?">
      <div className={styles.body}>
        <p className={styles.hint}>
          The limits above, saved or not, are tried on what was used. Nothing is changed. What requests in flight held, and limits of requests in
          parallel, are left out.
        </p>
        <div className={styles.ask}>
          <Field label="Usage of">
            <Select value={range} options={times} onChange={setRange} />
          </Field>
          <Button disabled={none} pending={fetching || running} onClick={() => void begin()}>
            Find out
          </Button>
        </div>
        <ErrorNote title="The limits could not be tried." error={refused} />
        <ErrorNote title="What the limits would have refused could not be read." error={error} onRetry={again} />
        {simulation && running && (
          <div className={styles.progress} role="status">
            <Status tone="neutral">{simulation.status === "QUEUED" ? "Waiting for a worker" : "Under way"}</Status>
            <Bar label={`${simulation.percent}% read`} used={simulation.percent} max={100.001} />
            <div className={styles.ask}>
              <p className={styles.hint}>
                {count(simulation.eventsDone)} of {simulation.eventsTotal == null ? "all" : count(simulation.eventsTotal)} requests read.
              </p>
              <Button small pending={canceling} onClick={() => void cancel({ input: { id: simulation.id } }).then(again)}>
                Cancel
              </Button>
            </div>
            <ErrorNote title="It could not be canceled." error={notCanceled} />
          </div>
        )}
        {simulation?.status === "FAILED" && (
          <Note tone="warning" title="The limits could not be tried on all of it">
            {simulation.failure}
          </Note>
        )}
        {simulation?.status === "DONE" && <Refused simulation={simulation} />}
      </div>
    </Card>
  );
}
