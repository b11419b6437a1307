import type { OverviewDetailQuery } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { Time } from "../../ui/Format";
import { amount } from "../../ui/format";
import { Card } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { SubjectLink } from "../../app/SubjectLink";
import { kindNames, kindTones } from "../alerts/words";
import styles from "./Overview.module.css";

type Alert = NonNullable<OverviewDetailQuery["alerts"]>["nodes"][number];

/** The last alerts. */
export function Alerts({ alerts }: { alerts: readonly Alert[] | undefined }) {
  if (alerts === undefined) return null;
  return (
    <Card title="Alerts">
      {alerts.length === 0 && <Empty title="No alert yet">A budget raises one when a threshold is reached, and when it is used up.</Empty>}
      <ul className={styles.events}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <span className={styles.eventKind}>
              <Status tone={kindTones[alert.kind]}>{kindNames[alert.kind]}</Status>
            </span>
            <span className={styles.eventText}>
              {alert.subject ? <SubjectLink subject={alert.subject} id={alert.subject.id} /> : "a deleted budget"}
              <span className={styles.muted}>
                {amount(alert.used, alert.type)} of {amount(alert.amount, alert.type)}
              </span>
            </span>
            <Time at={alert.raisedAt} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
