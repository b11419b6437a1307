import type { SubjectLimitsFragment } from "../../gql/graphql";
import { Status } from "../../ui/Status";
import styles from "./LimitsOverview.module.css";

const sources: Record<SubjectLimitsFragment["recipients"][number]["source"], string> = {
  OWNER: "owner",
  ADMIN: "admin",
  CREATOR: "creator",
  ADDED: "added", NAMED: "named by a budget",
};

/** Addresses that alerts are mailed to, and why each is among them. */
export function RecipientList({ recipients }: Pick<SubjectLimitsFragment, "recipients">) {
  if (recipients.length === 0) return <p>Nobody: there is no owner, no admin, and no address was added.</p>;
  return (
    <ul className={styles.recipients}>
      {recipients.map(({ email, source, suppressedAt, suppressedReason }) => (
        <li key={email}>
          {email} <span className={styles.source}>{sources[source]}</span>
          {suppressedAt && (
            <Status tone="danger">{suppressedReason === "COMPLAINED" ? "complained, not written to" : "bounced, not written to"}</Status>
          )}
        </li>
      ))}
    </ul>
  );
}
