import { Link, useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMutation, useQuery } from "urql";
import { SubjectLink, subjectKind } from "../../app/SubjectLink";
import { useViewer } from "../../app/viewer";
import type { AlertByIdQuery } from "../../gql/graphql";
import { Bar } from "../../ui/Bar";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Time } from "../../ui/Format";
import { amount, dayUTC, instantUTC } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { Status } from "../../ui/Status";
import { useToast } from "../../ui/Toast";
import styles from "./AlertsPage.module.css";
import { DeliveriesTable } from "./DeliveriesTable";
import { AlertById, ResendAlert } from "./documents";
import { kindNames, kindTones, sentenceOf } from "./words";

type Alert = Extract<NonNullable<AlertByIdQuery["node"]>, { __typename: "Alert" }>;

const trail = <Link to="/alerts">Alerts</Link>;

/** One alert: what happened, and what became of its mails. */
export function AlertPage(): ReactElement {
  const { alertId } = useParams({ from: "/shell/alerts/$alertId" });
  const [{ data, error }, retry] = useQuery({ query: AlertById, variables: { id: alertId } });
  if (data?.node?.__typename === "Alert") return <OneAlert alert={data.node} />;
  if (error === undefined && data === undefined) return <PageLoading />;
  return (
    <Page title="Alert" trail={trail}>
      <ErrorNote title="The alert could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      {error === undefined && <Empty title="This is no alert">Its address names something else.</Empty>}
    </Page>
  );
}

function OneAlert({ alert }: { alert: Alert }) {
  const { can, role } = useViewer();
  const { kind, type, subject, subjectId, used, raisedAt, periodStart, periodEnd } = alert;
  const held = alert.reserved ?? "0";
  const name = subject?.name ?? `${subjectKind(subjectId)} that was deleted`;
  const mayResend = can.administer || role === "MEMBER";
  return (
    <Page title={name} aside={<Status tone={kindTones[kind]}>{kindNames[kind]}</Status>} lead={sentenceOf(alert)} trail={trail}>
      <Card title="When it was raised">
        <div className={styles.bar}>
          <Bar
            label={`${amount(used, type)} of ${amount(alert.amount, type)} used, ${amount(held, type)} held`}
            used={Number(used)}
            held={Number(held)}
            max={Number(alert.amount)}
            thresholds={alert.threshold ? [Number(alert.threshold)] : []}
          />
        </div>
        <dl className={styles.facts}>
          <Fact term={subjectKind(subjectId)} value={<SubjectLink subject={subject} id={subjectId} />} />
          <Fact term="Raised" value={<Time at={raisedAt} absolute />} />
          <Fact term="Used" value={amount(used, type)} />
          {alert.reserved && <Fact term="Held" value={amount(alert.reserved, type)} />}
          {alert.requested && <Fact term="Asked for" value={amount(alert.requested, type)} />}
          <Fact term="Budget" value={`${amount(alert.amount, type)}${alert.budgetLimit ? "" : ", deleted since"}`} />
          <Fact term="Period" value={`${boundText(periodStart)} to ${periodEnd ? boundText(periodEnd) : "no end"}`} />
        </dl>
      </Card>
      <Card title="Mails" flush>
        <DeliveriesTable
          label="Mails"
          deliveries={alert.deliveries}
          none="It sent no mail: it was raised together with a higher alert, or the key sends none."
        />
        {mayResend && subject && <Resend id={alert.id} />}
      </Card>
      {alert.resetDeliveries.length > 0 && (
        <Card title="Mails about the reset" flush>
          <DeliveriesTable label="Mails about the reset" deliveries={alert.resetDeliveries} none="" />
        </Card>
      )}
    </Page>
  );
}

/** A bound of a period: its day, where it is the first instant of one. */
const boundText = (at: string): string => (/T00:00:00(\.0+)?Z$/.test(at) ? dayUTC(at) : instantUTC(at));

function Fact({ term, value }: { term: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Mails the alert to recipients who have not been sent it. */
function Resend({ id }: { id: string }) {
  const show = useToast();
  const [{ fetching }, resend] = useMutation(ResendAlert);
  const send = async () => {
    const { data, error } = await resend({ input: { id } });
    if (error) return show(`The alert could not be sent. ${error.graphQLErrors[0]?.message ?? error.message}`, "danger");
    const queued = data?.resendAlert?.queued ?? 0;
    show(queued === 0 ? "All recipients have been sent it." : queued === 1 ? "1 mail is queued." : `${queued} mails are queued.`);
  };
  return (
    <div className={styles.resend}>
      <p className={styles.note}>Resending mails it to recipients who were added since, or whose mail failed or bounced. Nobody gets it twice.</p>
      <Button icon="mail" pending={fetching} onClick={() => void send()}>
        Resend
      </Button>
    </div>
  );
}
