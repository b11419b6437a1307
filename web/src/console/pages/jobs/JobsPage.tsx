import type { ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { JobsPageQuery, JobState } from "../../gql/graphql";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Count, None, Time } from "../../ui/Format";
import { ErrorNote, Note } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Status, type Tone } from "../../ui/Status";
import { JobsPage as Query } from "./documents";
import styles from "./JobsPage.module.css";

type Job = NonNullable<JobsPageQuery["jobs"]>[number];

const states: Record<JobState, { name: string; tone: Tone }> = {
  RUNNING: { name: "Running", tone: "neutral" },
  SUCCEEDED: { name: "Succeeded", tone: "good" },
  FAILED: { name: "Failed", tone: "danger" },
  INTERRUPTED: { name: "Interrupted", tone: "warning" },
};

const columns: Column<Job>[] = [
  {
    id: "name",
    header: "Job",
    grow: true,
    sortValue: ({ name }) => name,
    cell: ({ name, schedule, lastRun }) => (
      <>
        <code className={styles.name}>{name}</code>
        <span className={styles.schedule}>{schedule}</span>
        {lastRun?.error && <span className={styles.error}>{lastRun.error}</span>}
      </>
    ),
  },
  { id: "state", header: "Last run", sortValue: ({ lastRun }) => lastRun?.state ?? "", cell: ({ lastRun }) => <LastRun run={lastRun} /> },
  {
    id: "success",
    header: "Last success",
    sortValue: ({ lastSucceededAt }) => lastSucceededAt ?? "",
    cell: ({ lastSucceededAt }) => (lastSucceededAt ? <Time at={lastSucceededAt} /> : <None label="never" />),
  },
  { id: "next", header: "Next run", sortValue: ({ nextRunAt }) => nextRunAt, cell: ({ nextRunAt }) => <Time at={nextRunAt} /> },
  { id: "runs", header: "Runs", align: "right", sortValue: ({ runs }) => runs, cell: ({ runs }) => <Count value={runs} /> },
  {
    id: "failures",
    header: "Failures",
    align: "right",
    sortValue: ({ failures }) => failures,
    cell: ({ failures }) => <Count value={failures} />,
  },
  { id: "queue", header: "Queue", wideOnly: true, cell: ({ queue }) => queue },
];

function LastRun({ run }: { run: Job["lastRun"] }) {
  if (!run) return <None label="none yet" />;
  const { name, tone } = states[run.state];
  return (
    <span className={styles.run}>
      <Status tone={tone}>{name}</Status>
      <span className={styles.when}>
        <Time at={run.startedAt} />
      </span>
    </span>
  );
}

/** The periodic jobs of the workers, for the operator. */
export function JobsPage(): ReactElement {
  const { can } = useViewer();
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: Query, pause: !can.operate });
  if (!can.operate) {
    return (
      <Page title="Jobs">
        <Empty title="Jobs are the operator’s">They belong to the instance, not to an organization.</Empty>
      </Page>
    );
  }
  return (
    <Page
      title="Jobs"
      lead={
        <>
          The periodic jobs of the workers. <a href="/jobs">River UI</a> shows each run; it asks for the root token as its password.
        </>
      }
    >
      <Note>
        <p>Decisions and resets wait for no job: with every worker stopped, mail and history wait, and catch up.</p>
      </Note>
      <ErrorNote title="The jobs could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Jobs"
          columns={columns}
          rows={data?.jobs ?? undefined}
          rowKey={({ name }) => name}
          stale={stale || fetching}
          empty={
            <Empty title="No job has run">
              Start a worker: <code>bursar work</code>.
            </Empty>
          }
        />
      </Card>
    </Page>
  );
}
