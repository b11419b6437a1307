import type { OrganizationFieldsFragment } from "../../gql/graphql";
import { Card } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { hasGovernance } from "../keys/governance";
import styles from "./OrganizationPage.module.css";

const planNames = { FREE: "Free", PRO: "Pro", ENTERPRISE: "Enterprise" } as const;

/** Why limits can be made and changed, or cannot. */
function governanceNote({ plan, governanceEnabled }: Pick<OrganizationFieldsFragment, "plan" | "governanceEnabled">): string {
  if (plan === "ENTERPRISE") return "Creating and changing budgets and rate limits is part of the plan.";
  if (plan === "PRO")
    return governanceEnabled
      ? "The operator opened budgets and rate limits for this organization."
      : "With the plan Pro the operator can open budgets and rate limits.";
  return "Budgets and rate limits come with the plan Enterprise, and with Pro where the operator opens them.";
}

/** Whether there is something to say of where the organization is: it is not, with one database. */
function isPlaced({ cell, region }: Pick<OrganizationFieldsFragment, "cell" | "region">): boolean {
  return cell !== "home" || region !== null;
}

/** What the organization pays for, and what of that is there. */
export function PlanCard({ organization }: { organization: OrganizationFieldsFragment }) {
  const governance = hasGovernance(organization);
  return (
    <Card title="Plan">
      <ul className={styles.features}>
        <li>
          <strong className={styles.plan}>{planNames[organization.plan]}</strong>
          <span className={styles.note}>The operator sets the plan.</span>
        </li>
        <li>
          {governance ? <Status tone="good">Limits available</Status> : <Status tone="neutral">Limits not in this plan</Status>}
          <span className={styles.note}>
            {governanceNote(organization)}
            {!governance && " Limits that exist go on being enforced, and can be deleted."}
          </span>
        </li>
        <li>
          <Status tone="good">Usage, alerts, audit log</Status>
          <span className={styles.note}>With every plan.</span>
        </li>
        {isPlaced(organization) && (
          <li>
            <strong>Database {organization.cell}</strong>
            <span className={styles.note}>
              {organization.region ? `Its rows never leave the region ${organization.region}.` : "The operator may move it to another one."}
            </span>
          </li>
        )}
      </ul>
    </Card>
  );
}
