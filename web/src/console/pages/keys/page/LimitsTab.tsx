import { Link } from "@tanstack/react-router";
import type { EditedKeyFragment } from "../../../gql/graphql";
import { useViewer } from "../../../app/viewer";
import { Empty } from "../../../ui/Empty";
import { Card } from "../../../ui/Page";
import { hasGovernance } from "../governance";
import { BudgetItem } from "./BudgetItem";
import { DeniedByLimits } from "../../limits/denied/DeniedByLimits";
import { limitTexts } from "../../policies/words";
import { CheckPanel } from "./CheckPanel";
import styles from "./Limits.module.css";
import { RateItem } from "./RateItem";

/** The key's own limits, and whether a request would pass all that apply to it. */
export function LimitsTab({ apiKey, mayManage }: { apiKey: EditedKeyFragment; mayManage: boolean }) {
  const { can, organization } = useViewer();
  const { budgetLimits, rateLimits } = apiKey;
  const names = new Map([
    [apiKey.id, apiKey.name],
    [apiKey.owner.id, apiKey.owner.name],
    [organization.id, organization.name],
  ]);
  const changes = JSON.stringify([
    apiKey.status,
    budgetLimits.map((one) => [one.used, one.reserved, one.amount]),
    rateLimits.map((one) => [one.used, one.reserved, one.limit]),
  ]);
  return (
    <div className={styles.limits}>
      {budgetLimits.length + rateLimits.length === 0 && (
        <Card>
          <Empty
            title="No limits of its own"
            action={mayManage && apiKey.status !== "REVOKED" && <Link to="/keys/$keyId/edit" params={{ keyId: apiKey.id }}>Add some</Link>}
          >
            Limits of its workspace and of the organization apply to it all the same.
          </Empty>
        </Card>
      )}
      {budgetLimits.length > 0 && (
        <section className={styles.section} aria-labelledby="budgets">
          <h2 id="budgets">Budgets</h2>
          <div className={styles.grid}>
            {budgetLimits.map((budget) => (
              <BudgetItem
                key={budget.id}
                budget={budget}
                mayReset={can.administer && hasGovernance(organization)}
                mayAsk={mayManage && hasGovernance(organization)}
              />
            ))}
          </div>
        </section>
      )}
      {rateLimits.length > 0 && (
        <section className={styles.section} aria-labelledby="rates">
          <h2 id="rates">Rate limits</h2>
          <div className={styles.grid}>
            {rateLimits.map((rate) => (
              <RateItem key={rate.id} rate={rate} />
            ))}
          </div>
        </section>
      )}
      <DeniedByLimits limits={limitTexts(apiKey)} />
      <CheckPanel keyId={apiKey.id} names={names} changes={changes} />
    </div>
  );
}
