import { useMemo } from "react";
import { useQuery } from "urql";
import { rangeOf } from "../../time/range";
import { ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { UsageReport } from "../usage/documents";
import { variablesOf } from "../usage/query";
import { ordered, type Series } from "../usage/report";
import { readState, writeState } from "../usage/state";
import { UsageChart } from "../usage/UsageChart";

/** What the keys of a workspace spent in the last 30 days; all else about it is in the explorer. */
export function SpendCard({ workspace }: { workspace: string }) {
  const state = { ...readState({}), workspace, groupBy: "API_KEY" as const };
  const variables = variablesOf(state, rangeOf(state.selection, new Date()), "DAY", workspace);
  const [{ data, error, fetching }] = useQuery({ query: UsageReport, variables });
  const report = data?.usage;
  const series = useMemo(() => report && ordered(report.series as Series[], "COST"), [report]);
  return (
    <Card
      title="Spend by API key, last 30 days"
      actions={
        <ButtonLink small variant="quiet" icon="usage" to="/usage" search={writeState(state)}>
          Explore
        </ButtonLink>
      }
    >
      <ErrorNote title="The spend could not be read." error={error} />
      {error ? null : report && report.total.requests === 0 ? (
        <Empty title="No usage yet">Requests of its keys show here.</Empty>
      ) : (
        <UsageChart series={series ?? undefined} interval="DAY" measure="COST" groupBy="API_KEY" busy={fetching} />
      )}
    </Card>
  );
}
