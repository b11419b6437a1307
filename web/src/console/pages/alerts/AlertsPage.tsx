import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useQuery } from "urql";
import { SubjectLink } from "../../app/SubjectLink";
import { useViewer } from "../../app/viewer";
import type { AlertFieldsFragment } from "../../gql/graphql";
import { rangeOf } from "../../time/range";
import { RangeField } from "../../time/RangeField";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Field } from "../../ui/Field";
import { Time } from "../../ui/Format";
import { Select } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Card, Page, Toolbar } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status } from "../../ui/Status";
import styles from "./AlertsPage.module.css";
import { AlertsPage as Query } from "./documents";
import { alertKinds, readAlertState, writeAlertState, type AlertState } from "./search";
import { deliveriesSummary, kindNames, kindTones, sentenceOf } from "./words";

const columns: Column<AlertFieldsFragment>[] = [
  {
    id: "what",
    header: "What happened",
    grow: true,
    cell: (alert) => (
      <>
        <span className={styles.subject}>
          <SubjectLink subject={alert.subject} id={alert.subjectId} />
          <Status tone={kindTones[alert.kind]}>{kindNames[alert.kind]}</Status>
        </span>
        <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className={styles.sentence}>
          {sentenceOf(alert)}
        </Link>
      </>
    ),
  },
  { id: "mail", header: "Mail", wideOnly: true, cell: ({ deliveries }) => <Deliveries deliveries={deliveries} /> },
  { id: "raised", header: "Raised", cell: ({ raisedAt }) => <Time at={raisedAt} /> },
];

function Deliveries({ deliveries }: Pick<AlertFieldsFragment, "deliveries">) {
  const { tone, text } = deliveriesSummary(deliveries);
  return <Status tone={tone}>{text}</Status>;
}

/** What budgets told their recipients, the newest first. */
export function AlertsPage(): ReactElement {
  const { organization } = useViewer();
  const search = useSearch({ from: "/shell/alerts" });
  const state = readAlertState(search);
  const navigate = useNavigate();
  // What the address has by now: two filters that are changed one right after the other are both in it.
  const change = (next: Partial<AlertState>) =>
    void navigate({
      to: "/alerts",
      search: (known) => writeAlertState({ ...readAlertState(known as Record<string, unknown>), ...next }),
      resetScroll: false,
    });
  const range = state.selection && rangeOf(state.selection, new Date());
  const filter = {
    organizationId: organization.id,
    subjectId: state.subject,
    kind: state.kind,
    from: range?.from.toISOString() ?? null,
    to: range?.to.toISOString() ?? null,
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: Query, variables: { filter, ...pageArguments(search, 50) } });
  const isFiltered = state.kind !== null || state.subject !== null || state.selection !== null;
  return (
    <Page
      title="Alerts"
      lead="Raised once in a period when a budget reaches a threshold, is used up, or denies a request although something is left."
    >
      <Toolbar>
        <RangeField label="Raised" selection={state.selection} anyTime="At any time" onChange={(selection) => change({ selection })} />
        <Field label="Kind">
          <Select
            value={state.kind ?? ""}
            onChange={(kind) => change({ kind: kind === "" ? null : kind })}
            options={[{ value: "" as const, label: "All kinds" }, ...alertKinds.map((value) => ({ value, label: kindNames[value] }))]}
          />
        </Field>
        {isFiltered && (
          <Button variant="quiet" icon="close" onClick={() => change({ kind: null, subject: null, selection: null })}>
            {state.subject === null ? "No filters" : "All subjects and times"}
          </Button>
        )}
      </Toolbar>
      <ErrorNote title="The alerts could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Alerts"
          columns={columns}
          rows={data?.alerts?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={
            isFiltered ? (
              <Empty title="No alert like this">Choose another range or kind.</Empty>
            ) : (
              <Empty title="No alert yet">Budgets raise them when their thresholds are reached.</Empty>
            )
          }
        />
        <Pager
          pageInfo={data?.alerts?.pageInfo}
          total={data?.alerts?.totalCount}
          noun="alert"
          onPage={(page) => void navigate({ to: "/alerts", search: { ...writeAlertState(state), ...page } })}
        />
      </Card>
    </Page>
  );
}
