import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { NotFound } from "../../../app/NotFound";
import { useViewer } from "../../../app/viewer";
import type { PolicyByIdQuery } from "../../../gql/graphql";
import { Button, ButtonLink } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Time } from "../../../ui/Format";
import { amount, count } from "../../../ui/format";
import { ErrorNote } from "../../../ui/Note";
import { Card, Page } from "../../../ui/Page";
import { PageLoading } from "../../../ui/PageLoading";
import { Tabs } from "../../../ui/Tabs";
import { useToast } from "../../../ui/Toast";
import { hasGovernance } from "../../keys/governance";
import { AuditTab } from "../../keys/page/AuditTab";
import { LimitSwitch } from "../../keys/LimitSwitch";
import { DeniedByLimits } from "../../limits/denied/DeniedByLimits";
import { DeletePolicy, PolicyQuery } from "../documents";
import { GroupsInUse, PolicyStatus } from "../PoliciesPage";
import styles from "../Policies.module.css";
import { budgetText, conditionsText, groupByText, groupText, limitTexts, rateText } from "../words";
import { GroupsTab } from "./GroupsTab";
import { RaiseGroupsDialog } from "./RaiseGroupsDialog";
import { readPolicySearch, type PolicySearch, type PolicyTab } from "./search";

export type Policy = Extract<NonNullable<PolicyByIdQuery["node"]>, { __typename: "Policy" }>;

const route = getRouteApi("/shell/policies/$policyId");
const trail = <Link to="/policies">Policies</Link>;

/** One policy: its limits, its groups, what it denied, and who changed it. */
export function PolicyPage() {
  const { policyId } = route.useParams();
  const [{ data, error }, retry] = useQuery({ query: PolicyQuery, variables: { id: policyId } });
  const readAgain = () => retry({ requestPolicy: "network-only" });
  if (data?.node?.__typename === "Policy") return <Known key={policyId} policy={data.node} error={error} onRead={readAgain} />;
  if (data) return <NotFound what="policy" />;
  if (error === undefined) return <PageLoading />;
  return (
    <Page title="Policy" trail={trail}>
      <ErrorNote title="The policy could not be read." error={error} onRetry={readAgain} />
    </Page>
  );
}

interface Properties {
  policy: Policy;
  error: Parameters<typeof ErrorNote>[0]["error"];
  onRead: () => void;
}

function Known({ policy, error, onRead }: Properties) {
  const { can, organization } = useViewer();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const go = (next: PolicySearch, replace = false) =>
    void navigate({ to: "/policies/$policyId", params: { policyId: policy.id }, search: readPolicySearch(next as Record<string, unknown>), replace });
  const tabs: { value: PolicyTab; label: string; content: React.ReactNode }[] = [
    { value: "groups", label: policy.groupBy.length === 0 ? "Use" : "Groups", content: <GroupsTab policy={policy} search={search} onSearch={go} /> },
    { value: "denied", label: "Denied", content: <DeniedByLimits limits={limitTexts(policy)} /> },
    {
      value: "audit",
      label: "Audit log",
      content: <AuditTab keyId={policy.id} cursor={search} onPage={(cursor) => go({ tab: "audit", ...cursor })} />,
    },
  ];
  const actions = can.administer && (
    <>
      <Button icon="trash" onClick={() => setDeleting(true)}>
        Delete…
      </Button>
      {hasGovernance(organization) && (
        <ButtonLink variant="primary" icon="edit" to="/policies/$policyId/edit" params={{ policyId: policy.id }}>
          Edit
        </ButtonLink>
      )}
    </>
  );
  return (
    <Page title={policy.name} aside={<PolicyStatus policy={policy} />} trail={trail} actions={actions}>
      <ErrorNote title="The policy could not be read again." error={error} onRetry={onRead} />
      <Facts policy={policy} />
      <Limits policy={policy} mayRaise={can.administer && hasGovernance(organization)} />
      <Tabs label="Parts of the policy" value={search.tab ?? "groups"} onChange={(tab: PolicyTab) => go({ tab })} tabs={tabs} />
      {deleting && <DeleteDialog policy={policy} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

function Facts({ policy }: { policy: Policy }) {
  const { owner, conditions, groupBy, createdAt } = policy;
  return (
    <Card>
      <dl className={styles.facts}>
        <div>
          <dt>Which requests</dt>
          <dd>
            {conditionsText(conditions)}, {groupByText(groupBy)}
          </dd>
        </div>
        <div>
          <dt>Of the requests of</dt>
          <dd>{owner?.__typename === "Workspace" ? `the workspace ${owner.name}` : (owner?.name ?? "a workspace that was deleted")}</dd>
        </div>
        {groupBy.length > 0 && (
          <div>
            <dt>Groups</dt>
            <dd>
              <GroupsInUse policy={policy} />
            </dd>
          </div>
        )}
        <div>
          <dt>Created</dt>
          <dd>
            <Time at={createdAt} absolute />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

const thresholdText = (one: Policy["budgetLimits"][number]["thresholds"][number], type: Policy["budgetLimits"][number]["type"]) =>
  one.percent == null ? amount(one.amount, type) : `${one.percent} %`;

/** The limits, and the raises of budgets that are in force. */
function Limits({ policy, mayRaise }: { policy: Policy; mayRaise: boolean }) {
  const [raising, setRaising] = useState<Policy["budgetLimits"][number]>();
  const apart = policy.groupBy.length > 0 ? "Each group" : "All requests together";
  return (
    <Card title="Limits">
      <div className={styles.stack}>
        {policy.budgetLimits.map((budget) => (
          <div key={budget.id} role="group" aria-label={`Budget of ${budgetText(budget)}`}>
            <strong>{budgetText(budget)}</strong> <LimitSwitch limit={budget} />{" "}
            {mayRaise && (
              <Button small variant="quiet" onClick={() => setRaising(budget)}>
                Raise…
              </Button>
            )}
            <span className={styles.note}>
              {apart}.{" "}
              {budget.thresholds.length > 0 &&
                `Alerts at ${budget.thresholds.map((one) => thresholdText(one, budget.type)).join(", ")}.`}
            </span>
            <ul className={styles.raises}>
              {budget.raises.map((raise) => (
                <li key={`${raise.grantedAt} ${raise.by}`} className={styles.note}>
                  {raise.values == null ? apart : groupText(raise.values)}: {amount(raise.by, budget.type)} more until <Time at={raise.until} />
                  {raise.reason ? `: ${raise.reason}` : ""}
                </li>
              ))}
            </ul>
          </div>
        ))}
        {policy.rateLimits.map((rate) => (
          <div key={rate.id} role="group" aria-label={`Rate limit of ${rateText(rate)}`}>
            <strong>{rateText(rate)}</strong> <LimitSwitch limit={rate} />
            <span className={styles.note}>{apart}.</span>
          </div>
        ))}
        {policy.budgetLimits.length + policy.rateLimits.length === 0 && <p className={styles.note}>It has no limits, and limits nothing.</p>}
      </div>
      {raising && <RaiseGroupsDialog policy={policy} budget={raising} values={undefined} onClose={() => setRaising(undefined)} />}
    </Card>
  );
}

function DeleteDialog({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const navigate = useNavigate();
  const show = useToast();
  const [{ fetching, error }, remove] = useMutation(DeletePolicy);
  const groups = policy.groupCount === 1 ? "group has" : `${count(policy.groupCount)} groups have`;
  const confirm = async () => {
    const { data } = await remove({ input: { id: policy.id } });
    if (!data?.deletePolicy) return;
    show(`${policy.name} is deleted.`);
    void navigate({ to: "/policies" });
  };
  return (
    <ConfirmDialog
      title={`Delete ${policy.name}?`}
      description={`It denies nothing from the next request on. What its ${groups} used is deleted with it.`}
      confirm="Delete policy"
      danger
      pending={fetching}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <ErrorNote title="The policy was not deleted." error={error} />
    </ConfirmDialog>
  );
}
