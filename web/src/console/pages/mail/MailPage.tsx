import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { loadConfig } from "../../app/config";
import { SubjectLink } from "../../app/SubjectLink";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { Field } from "../../ui/Field";
import { None, Time } from "../../ui/Format";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Card, Page, Toolbar } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status } from "../../ui/Status";
import { AlertsPage } from "../alerts/documents";
import { deliveryNames, deliveryTones, kindNames } from "../alerts/words";
import styles from "./MailPage.module.css";
import { mailsOf, type Mail } from "./rows";
import type { MailFilter } from "./search";
import { Suppressed } from "./Suppressed";

const filters: { value: MailFilter | "ALL"; label: string }[] = [
  { value: "ALL", label: "All mails" },
  { value: "PENDING", label: "To be sent" },
  { value: "FAILED", label: "Failed, bounced or complained" },
];

const columns: Column<Mail>[] = [
  {
    id: "address",
    header: "To",
    grow: true,
    cell: ({ email, lastError }) => (
      <>
        <span className={styles.address}>{email}</span>
        {lastError && <span className={styles.error}>{lastError}</span>}
      </>
    ),
  },
  {
    id: "about",
    header: "About",
    cell: ({ alert, aboutReset }) => (
      <span className={styles.about}>
        <SubjectLink subject={alert.subject} id={alert.subjectId} />
        <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className={styles.kind}>
          {aboutReset ? "Reset" : kindNames[alert.kind]}
        </Link>
      </span>
    ),
  },
  { id: "status", header: "Status", cell: ({ status }) => <Status tone={deliveryTones[status]}>{deliveryNames[status]}</Status> },
  { id: "attempts", header: "Attempts", align: "right", wideOnly: true, cell: ({ attempts }) => attempts },
  { id: "queued", header: "Queued", wideOnly: true, cell: ({ queuedAt }) => <Time at={queuedAt} /> },
  { id: "sent", header: "Sent", wideOnly: true, cell: ({ sentAt }) => (sentAt ? <Time at={sentAt} /> : <None label="not sent" />) },
];

/** What became of the mails about alerts, address by address. */
export function MailPage(): ReactElement {
  const search = useSearch({ from: "/shell/mail" });
  const navigate = useNavigate();
  const [{ data, error, stale }, retry] = useQuery({ query: AlertsPage, variables: { filter: null, ...pageArguments(search, 20) } });
  const outbox = useOutbox();
  const rows = useMemo(() => data?.alerts && mailsOf(data.alerts.nodes, search.show), [data, search.show]);
  return (
    <Page
      title="Mail"
      lead={`Mails about alerts. ${outbox ? "This server sends none: it keeps them, and shows them in its outbox." : "One that cannot be sent is tried again for 24 hours; a bad address holds nobody else’s mail up."}`}
      actions={
        outbox && (
          <a href="/outbox" target="_blank" rel="noreferrer">
            Outbox <Icon name="external" />
          </a>
        )
      }
    >
      <Suppressed />
      <Toolbar>
        <Field label="Show">
          <Select value={search.show ?? "ALL"} options={filters} onChange={(show) => void navigate({ to: "/mail", search: show === "ALL" ? {} : { show } })} />
        </Field>
      </Toolbar>
      <ErrorNote title="The mails could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Mails"
          columns={columns}
          rows={rows ?? undefined}
          rowKey={({ key }) => key}
          stale={stale}
          empty={<Empty title={search.show ? "No such mail among these alerts" : "No mail yet"}>Mails come with alerts of budgets.</Empty>}
        />
        <Pager
          pageInfo={data?.alerts?.pageInfo}
          total={data?.alerts?.totalCount}
          noun={data?.alerts?.totalCount === 1 ? "alert with its mails" : "alerts with their mails"}
          onPage={(page) => void navigate({ to: "/mail", search: { ...page, ...(search.show && { show: search.show }) } })}
        />
      </Card>
    </Page>
  );
}

/** Whether the server keeps mail instead of sending it; false until that is known. */
function useOutbox(): boolean {
  const [outbox, setOutbox] = useState(false);
  useEffect(() => {
    let shown = true;
    loadConfig().then(
      (config) => shown && setOutbox(config.outbox),
      () => {}, // the page does without the link
    );
    return () => {
      shown = false;
    };
  }, []);
  return outbox;
}
