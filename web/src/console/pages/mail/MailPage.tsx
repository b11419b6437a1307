import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useQuery } from "urql";
import { SubjectLink } from "../../app/SubjectLink";
import { useViewer } from "../../app/viewer";
import type { MailListQuery } from "../../gql/graphql";
import { rangeOf } from "../../time/range";
import { DataTable, NarrowOnly, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None, Time } from "../../ui/Format";
import { Icon } from "../../ui/Icon";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { Status } from "../../ui/Status";
import { deliveryNames, deliveryTones, kindNames } from "../alerts/words";
import { MailList } from "./documents";
import { MailFilters } from "./MailFilters";
import styles from "./MailPage.module.css";
import { readMailState, statusesOf, writeMailState, type MailState } from "./search";
import { Suppressed } from "./Suppressed";
import { useOutbox } from "./useOutbox";

type Mail = NonNullable<MailListQuery["alertDeliveries"]>["nodes"][number];

const columns: Column<Mail>[] = [
  {
    id: "address",
    header: "To",
    grow: true,
    cell: ({ email, lastError, status }) => (
      <>
        <span className={styles.address}>{email}</span>
        {lastError && <span className={styles.error}>{lastError}</span>}
        <NarrowOnly>
          <Status tone={deliveryTones[status]}>{deliveryNames[status]}</Status>
        </NarrowOnly>
      </>
    ),
  },
  {
    id: "about",
    header: "About",
    cell: ({ alert, purpose }) =>
      alert && (
        <span className={styles.about}>
          <SubjectLink subject={alert.subject} id={alert.subjectId} />
          <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className={styles.kind}>
            {purpose === "RESET" ? "Reset" : kindNames[alert.kind]}
          </Link>
        </span>
      ),
  },
  { id: "status", header: "Status", wideOnly: true, cell: ({ status }) => <Status tone={deliveryTones[status]}>{deliveryNames[status]}</Status> },
  { id: "attempts", header: "Attempts", align: "right", wideOnly: true, cell: ({ attempts }) => attempts },
  { id: "queued", header: "Queued", wideOnly: true, cell: ({ queuedAt }) => <Time at={queuedAt} /> },
  { id: "sent", header: "Sent", wideOnly: true, cell: ({ sentAt }) => (sentAt ? <Time at={sentAt} /> : <None label="not sent" />) },
];

const sending = "One that cannot be sent is tried again for 24 hours; a bad address holds nobody else’s mail up.";
const keeping = "This server sends none: it keeps them, and shows them in its outbox.";

/** What became of the mails about alerts, address by address. */
export function MailPage(): ReactElement {
  const { organization } = useViewer();
  const search = useSearch({ from: "/shell/mail" });
  const state = readMailState(search);
  const navigate = useNavigate();
  // What the address has by now: two filters that are changed one right after the other are both in it.
  const change = (next: Partial<MailState>) =>
    void navigate({
      to: "/mail",
      search: (known) => writeMailState({ ...readMailState(known as Record<string, unknown>), ...next }),
      resetScroll: false,
    });
  const range = state.selection && rangeOf(state.selection, new Date());
  const filter = {
    organizationId: organization.id,
    statuses: state.show && statusesOf[state.show],
    email: state.to,
    from: range?.from.toISOString() ?? null,
    to: range?.to.toISOString() ?? null,
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: MailList, variables: { filter, ...pageArguments(search, 50) } });
  const outbox = useOutbox();
  const list = data?.alertDeliveries;
  const isFiltered = Object.values(state).some((value) => value !== null);
  return (
    <Page
      title="Mail"
      lead={`Mails about alerts. ${outbox ? keeping : sending}`}
      actions={
        outbox && (
          <a href="/outbox" target="_blank" rel="noreferrer">
            Outbox <Icon name="external" />
          </a>
        )
      }
    >
      <Suppressed />
      <MailFilters state={state} onChange={change} />
      <ErrorNote title="The mails could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <DataTable
          label="Mails"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ alert, purpose, email }) => `${alert?.id} ${purpose} ${email}`}
          stale={stale || fetching}
          empty={
            <Empty title={isFiltered ? "No such mail" : "No mail yet"}>
              {isFiltered ? "Choose another range, or fewer filters." : "Mails come with alerts of budgets."}
            </Empty>
          }
        />
        <Pager
          pageInfo={list?.pageInfo}
          total={list?.totalCount}
          noun="mail"
          onPage={(page) => void navigate({ to: "/mail", search: { ...writeMailState(state), ...page } })}
        />
      </Card>
    </Page>
  );
}
