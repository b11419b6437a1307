import { useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { Button } from "../../ui/Button";
import { Time } from "../../ui/Format";
import { ErrorNote } from "../../ui/Note";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { LimitsOverview } from "../limits/LimitsOverview";
import { OrganizationPage as Query } from "./documents";
import { HoldBoundsCard } from "./HoldBoundsCard";
import { LeasePolicyCard } from "./LeasePolicyCard";
import { OperatorDialog } from "./OperatorDialog";
import { PlanCard } from "./PlanCard";
import { QuotasCard } from "./QuotasCard";
import { RecipientDomainsCard } from "./RecipientDomainsCard";
import styles from "./OrganizationPage.module.css";

/** The organization: plan, limits, what its keys may hold and gateways may lease, who may hear of alerts, and what it may have. */
export function OrganizationPage(): ReactElement {
  const viewer = useViewer();
  const { can } = viewer;
  const [editing, setEditing] = useState(false);
  const [{ data, error }, retry] = useQuery({ query: Query, variables: { organization: viewer.organization.id } });
  const organization = data?.node?.__typename === "Organization" ? data.node : undefined;
  if (organization === undefined) {
    return error ? (
      <Page title={viewer.organization.name}>
        <ErrorNote title="The organization could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      </Page>
    ) : (
      <PageLoading />
    );
  }
  return (
    <Page
      title={organization.name}
      lead={
        <>
          <code>{organization.slug}</code>, created <Time at={organization.createdAt} />
        </>
      }
      actions={
        can.operate && (
          <Button icon="edit" onClick={() => setEditing(true)}>
            Edit as operator
          </Button>
        )
      }
    >
      <PlanCard organization={organization} />
      <LimitsOverview subject={organization} />
      <div className={styles.columns}>
        <HoldBoundsCard organization={organization} />
        <LeasePolicyCard organization={organization} />
        <RecipientDomainsCard organization={organization} />
      </div>
      {can.seeEverything && <QuotasCard />}
      {editing && <OperatorDialog organization={organization} onClose={() => setEditing(false)} />}
    </Page>
  );
}
