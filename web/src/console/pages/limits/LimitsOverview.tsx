import { ButtonLink } from "../../ui/Button";
import { useViewer } from "../../app/viewer";
import type { SubjectLimitsFragment } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { NotInPlan } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { hasGovernance } from "../keys/governance";
import { BudgetItem } from "../keys/page/BudgetItem";
import { RateItem } from "../keys/page/RateItem";
import styles from "./LimitsOverview.module.css";
import { limitTexts } from "../policies/words";
import { DeniedByLimits } from "./denied/DeniedByLimits";
import { RecipientList } from "./RecipientList";

/** Leads to where the limits are edited. */
function EditLink({ subject, label }: { subject: SubjectLimitsFragment; label: string }) {
  return subject.__typename === "Workspace" ? (
    <ButtonLink icon="edit" to="/workspaces/$workspaceId/limits" params={{ workspaceId: subject.id }}>
      {label}
    </ButtonLink>
  ) : (
    <ButtonLink icon="edit" to="/organization/limits">
      {label}
    </ButtonLink>
  );
}

/** Budgets and rate limits of a workspace or an organization as they stand, and who hears of them. */
export function LimitsOverview({ subject }: { subject: SubjectLimitsFragment }) {
  const { can, organization } = useViewer();
  const { budgetLimits, rateLimits, recipients } = subject;
  const governance = hasGovernance(organization);
  const none = budgetLimits.length + rateLimits.length === 0;
  const limitNames = limitTexts(subject);
  const edit = can.administer && (governance || !none) && <EditLink subject={subject} label={none ? "Add limits" : "Edit limits"} />;
  return (
    <>
      <section className={styles.section} aria-labelledby="limits">
        <header className={styles.header}>
          <h2 id="limits">Limits</h2>
          {!none && edit}
        </header>
        {none && !governance && <NotInPlan what="Budgets and rate limits" />}
        {none && governance && (
          <Card>
            <Empty title="No limits yet" action={edit}>
              Every request of its API keys would have to pass them, besides those of the key itself.
            </Empty>
          </Card>
        )}
        {!none && (
          <div className={styles.grid}>
            {budgetLimits.map((budget) => (
              <BudgetItem key={budget.id} budget={budget} mayReset={can.administer && governance} />
            ))}
            {rateLimits.map((rate) => (
              <RateItem key={rate.id} rate={rate} />
            ))}
          </div>
        )}
      </section>
      {!none && <DeniedByLimits limits={limitNames} />}
      <Card title="Who hears of its alerts" actions={can.administer && none && <EditLink subject={subject} label="Edit" />}>
        <RecipientList recipients={recipients} />
      </Card>
    </>
  );
}
