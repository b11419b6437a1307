import { useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { LiveMark } from "../../app/LiveMark";
import { useViewer } from "../../app/viewer";
import { ErrorNote } from "../../ui/Note";
import { Columns, Page } from "../../ui/Page";
import { Alerts } from "./Alerts";
import { Budgets } from "./Budgets";
import { daysAt, iso, type Days } from "./days";
import { Denials } from "./Denials";
import { NearLimits } from "./NearLimits";
import { DetailQuery, SpendQuery } from "./queries";
import { Spend } from "./Spend";
import { TopLists } from "./TopLists";

/** What the organization spends, and what needs attention. A MEMBER sees what their own keys spend. */
export function OverviewPage() {
  const { organization, can } = useViewer();
  const days = useDays();
  const subjectId = can.seeEverything ? organization.id : null;
  const variables = useMemo(
    () => ({
      spend: { organizationId: organization.id, subjectId, from: iso(Math.min(days.lastMonth, days.lastWeek)), to: iso(days.tomorrow) },
      detail: { organizationId: organization.id, subjectId, month: iso(days.month), today: iso(days.today), to: iso(days.tomorrow) },
    }),
    [organization.id, subjectId, days],
  );
  const [spend, readSpend] = useQuery({ query: SpendQuery, variables: variables.spend });
  const [detail, readDetail] = useQuery({ query: DetailQuery, variables: variables.detail });
  const node = spend.data?.node;
  const budgets = node?.__typename === "Organization" ? node.budgetLimits : undefined;

  return (
    <Page
      title="Overview"
      aside={<LiveMark />}
      lead={can.seeEverything ? undefined : "What the API keys that you created spend. Days, weeks and months are UTC."}
    >
      <ErrorNote
        title="What is spent could not be read."
        error={spend.error}
        onRetry={() => readSpend({ requestPolicy: "network-only" })}
      />
      <Spend buckets={spend.data?.usage?.series[0]?.buckets} days={days} />
      <Budgets budgets={budgets} />
      <ErrorNote
        title="Some of this page could not be read."
        error={detail.error}
        onRetry={() => readDetail({ requestPolicy: "network-only" })}
      />
      <TopLists keys={detail.data?.keys} models={detail.data?.models} workspaces={detail.data?.workspaces} />
      <NearLimits exhausted={detail.data?.exhausted?.nodes} recent={detail.data?.recent?.nodes} />
      <Columns>
        <Alerts alerts={detail.data?.alerts?.nodes} />
        <Denials denials={detail.data?.denials} />
      </Columns>
    </Page>
  );
}

/** The days now; others after midnight, UTC. */
function useDays(): Days {
  const [days, setDays] = useState(() => daysAt(Date.now()));
  useEffect(() => {
    const timer = setTimeout(() => setDays(daysAt(Date.now())), days.tomorrow - Date.now() + 1000);
    return () => clearTimeout(timer);
  }, [days]);
  return days;
}
