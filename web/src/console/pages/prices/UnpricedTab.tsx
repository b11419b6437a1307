import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { dayOf, rangeOf, readSelection, writeSelection, type Selection } from "../../time/range";
import { RangeField } from "../../time/RangeField";
import { DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { count } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card, Toolbar } from "../../ui/Page";
import { UnpricedUsage } from "./documents";
import { RepriceDialog } from "./RepriceDialog";
import { RepricingCard } from "./RepricingCard";
import { RepricingsCard } from "./RepricingsCard";
import { pricesSearch, type PricesSearch } from "./search";
import styles from "./Prices.module.css";
import { reportInterval, unpricedColumns, unpricedOf } from "./unpriced";

const initial: Selection = { preset: "30d" };

/** Usage that cost nothing because nobody knew what it cost, by model: set a price, and price it again. */
export function UnpricedTab() {
  const { organization, can } = useViewer();
  const state = useSearch({ from: "/shell/prices" });
  const navigate = useNavigate();
  const selection = readSelection(state as Record<string, unknown>, initial);
  const range = rangeOf(selection, new Date());
  const filter = {
    subjectId: can.seeEverything ? organization.id : null,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: UnpricedUsage, variables: { filter, interval: reportInterval(range) } });
  const read = () => retry({ requestPolicy: "network-only" });
  const report = data?.usage;
  const go = (next: PricesSearch) => void navigate({ to: "/prices", search: pricesSearch({ ...next, tab: "unpriced" }), resetScroll: false });
  const shown = writeSelection(selection);
  const since = dayOf(range.from);
  const columns = useMemo(
    () => unpricedColumns(can.administer ? { since, onReprice: (model) => go({ ...shown, reprice: model }) } : undefined),
    [can.administer, since, JSON.stringify(shown)],
  );
  return (
    <>
      <Toolbar>
        <RangeField selection={selection} onChange={(chosen) => go(writeSelection(chosen))} />
      </Toolbar>
      {state.repricing && <RepricingCard key={state.repricing} id={state.repricing} onFinished={read} onClose={() => go(shown)} />}
      <ErrorNote title="Unpriced usage could not be read." error={error} onRetry={read} />
      <Card flush title="By model">
        <DataTable
          label="Unpriced usage by model"
          columns={columns}
          rows={report ? unpricedOf(report) : undefined}
          rowKey={({ provider, model }) => `${provider ?? ""} ${model ?? ""}`}
          stale={stale || fetching}
          empty={
            <Empty title="Everything is priced">
              {report?.total.requests
                ? `${count(report.total.requests)} requests in this range, and a cost of each is known.`
                : "No usage in this range."}
            </Empty>
          }
        />
        {report && report.total.unpricedEvents > 0 && (
          <p className={`${styles.second} ${styles.sums}`}>
            {count(report.total.unpricedRequests)} of {count(report.total.requests)} requests, in{" "}
            {count(report.total.unpricedEvents)} usage events, are booked with a cost of $0.00, because gateways gave none and there was
            no price. Set a price that reaches back, then price them again: the differences are booked into the days of the requests.
          </p>
        )}
      </Card>
      {can.seeEverything && <RepricingsCard />}
      {can.administer && state.reprice !== undefined && (
        <RepriceDialog
          model={state.reprice}
          range={range}
          onClose={() => go(shown)}
          onBegun={(repricing) => go({ ...shown, repricing })}
        />
      )}
    </>
  );
}
