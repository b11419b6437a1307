import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactElement } from "react";
import { useQuery, type CombinedError } from "urql";
import { problems } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import { fittingInterval, intervalsFor, type Interval } from "../../time/interval";
import type { Place } from "../../time/place";
import { weekdayText } from "../../time/PlaceFields";
import { previousRange, rangeOf } from "../../time/range";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Checkbox, Select } from "../../ui/Inputs";
import { ErrorNote, Note } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { previousOf } from "./comparison";
import { UsageReport } from "./documents";
import { Export } from "./Export";
import { Filters } from "./Filters";
import { intervalNames, titleOf } from "./names";
import { Measures } from "./Measures";
import { variablesOf } from "./query";
import { ordered, type Series } from "./report";
import { readState, writeState, type ExplorerState } from "./state";
import { TimeTable } from "./TimeTable";
import { TotalsTable } from "./TotalsTable";
import { UsageChart } from "./UsageChart";

/** Usage by time, key, workspace, provider, model and service tier. All of what it shows is in its address. */
export function UsagePage(): ReactElement {
  const viewer = useViewer();
  const state = readState(useSearch({ from: "/shell/usage" }));
  const navigate = useNavigate();
  // What the address has by now: two filters that are changed one right after the other are both in it.
  const change = (next: Partial<ExplorerState>) =>
    void navigate({ to: "/usage", search: (known) => writeState({ ...readState(known as Record<string, unknown>), ...next }), resetScroll: false });

  const range = rangeOf(state.selection, new Date(), state.place);
  const interval = fittingInterval(range, state.interval);
  const subject = viewer.can.seeEverything ? viewer.organization.id : null;
  const variables = variablesOf(state, range, interval, subject);
  const [{ data, error, fetching, stale }, retry] = useQuery({ query: UsageReport, variables });
  const report = data?.usage ?? undefined;
  const previous = useMemo(
    () => (state.compare && report ? previousOf(report, previousRange(state.selection, range, state.place)) : undefined),
    [state.compare, report],
  );
  const series = useMemo(() => report && ordered(report.series as Series[], state.measure), [report, state.measure]);

  return (
    <Page title="Usage" lead={leadOf(viewer.can.seeEverything, state.place)} actions={<Export variables={variables} />}>
      <Filters state={state} range={range} subject={subject} onChange={change} />
      {dividesHours(error) ? (
        <Note tone="warning" title={`Days of ${state.place.timeZone} do not begin at whole hours of UTC`}>
          <p>Usage is kept by the hour, so that they could not be told exactly in this range. Nothing is shown rather than days that are shifted.</p>
          {intervalsFor(range).includes("HOUR") && (
            <Button small onClick={() => change({ interval: "HOUR" })}>
              Show hours
            </Button>
          )}{" "}
          <Button small onClick={() => change({ place: { ...state.place, timeZone: "UTC" } })}>
            Show days of UTC
          </Button>
        </Note>
      ) : (
        <ErrorNote title="The report could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      )}
      <Measures total={report?.total} previous={previous} measure={state.measure} onChange={(measure) => change({ measure })} />
      {state.measure === "DENIED" && namesNoModel(state) && (
        <Note title="Denied requests name no model, no provider and no service tier">
          <p>They are counted by API key. A filter of these leaves them out.</p>
          <Button small onClick={() => change({ groupBy: "API_KEY", models: [], providers: [], tiers: [] })}>
            Show them by API key
          </Button>
        </Note>
      )}
      <Card
        title={titleOf(state.measure, state.groupBy)}
        actions={
          <>
            <Checkbox label="Compare with the previous period" checked={state.compare} onChange={(compare) => change({ compare })} />
            <IntervalSelect interval={interval} offered={intervalsFor(range)} onChange={(chosen) => change({ interval: chosen })} />
          </>
        }
      >
        {series && series.every(({ total }) => total.requests === 0 && total.denied === 0) ? (
          <Empty title="No usage in this range">Choose another range, or fewer filters.</Empty>
        ) : (
          <UsageChart
            series={series}
            previous={previous}
            interval={interval}
            timeZone={state.place.timeZone}
            measure={state.measure}
            groupBy={state.groupBy}
            busy={fetching || stale}
          />
        )}
      </Card>
      <Tabs
        label="Tables"
        value={state.view}
        onChange={(view) => change({ view })}
        tabs={[
          {
            value: "TOTALS",
            label: "Totals",
            content: (
              <TotalsTable
                series={series}
                total={report?.total}
                previous={previous}
                state={state}
                onChange={change}
                stale={stale || fetching}
              />
            ),
          },
          {
            value: "TIME",
            label: "Over time",
            content: (
              <TimeTable
                series={series}
                previous={previous}
                interval={interval}
                timeZone={state.place.timeZone}
                measure={state.measure}
                stale={stale || fetching}
              />
            ),
          },
        ]}
      />
    </Page>
  );
}

/** Whether the report is by, or of, what denied requests do not have. */
const namesNoModel = ({ groupBy, models, providers, tiers }: ExplorerState): boolean =>
  groupBy === "MODEL" || groupBy === "PROVIDER" || groupBy === "SERVICE_TIER" || [models, providers, tiers].some((chosen) => chosen.length > 0);

/** Whether a report was refused because a day of its time zone begins within an hour. */
const dividesHours = (error: CombinedError | undefined): boolean =>
  problems(error).some(({ field, message }) => field === "timeZone" && message.includes("whole hours"));

const leadOf = (everything: boolean, { timeZone, weekStartsOn }: Place): string =>
  `Requests, tokens and dollars of ${everything ? "the organization" : "the API keys that you created"}, by when they were recorded. ` +
  `Days, weeks and months are those of ${timeZone}, weeks from ${weekdayText(weekStartsOn)}.`;

function IntervalSelect({ interval, offered, onChange }: { interval: Interval; offered: Interval[]; onChange: (interval: Interval) => void }) {
  return (
    <Select
      aria-label="Interval"
      value={interval}
      onChange={onChange}
      options={offered.map((value) => ({ value, label: intervalNames[value] }))}
    />
  );
}
