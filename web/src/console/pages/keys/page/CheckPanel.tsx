import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { SubjectLink } from "../../../app/SubjectLink";
import type { KeyCheckQuery } from "../../../gql/graphql";
import { Bar } from "../../../ui/Bar";
import { Button } from "../../../ui/Button";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Field } from "../../../ui/Field";
import { None, Time } from "../../../ui/Format";
import { count, instantUTC, money } from "../../../ui/format";
import { TextInput } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { Status } from "../../../ui/Status";
import { CheckQuery } from "../documents";
import { MOST_COST, ONE, formatDecimal, parseDecimal, parseWhole } from "../form/decimal";
import styles from "./Limits.module.css";

type Decision = NonNullable<KeyCheckQuery["checkUsage"]>;
type Limit = Decision["limits"][number];

interface Properties {
  keyId: string;
  /** The names of what the key belongs to, by id. */
  names: ReadonlyMap<string, string>;
  /** Changes when the key's limits do: then it is asked again. */
  changes: string;
}

/** Whether a request would be admitted now, and which of all limits would refuse it. It counts nothing. */
export function CheckPanel({ keyId, names, changes }: Properties) {
  const [typed, setTyped] = useState({ tokens: "1000", cost: "0.01" });
  const [asked, setAsked] = useState(typed);
  const [wrong, setWrong] = useState<{ tokens?: string; cost?: string }>({});
  const estimate = { tokens: Number(units(parseWhole(asked.tokens)) / ONE), cost: formatDecimal(units(parseDecimal(asked.cost))) };
  const [{ data, error, fetching }, check] = useQuery({
    query: CheckQuery,
    variables: { input: { key: keyId, estimate } },
    requestPolicy: "network-only",
  });
  useEffect(() => check({ requestPolicy: "network-only" }), [changes, check]);

  const ask = () => {
    const [tokens, cost] = [parseWhole(typed.tokens), parseDecimal(typed.cost)];
    const found = {
      ...(tokens.ok ? (tokens.units > 10n ** 12n * ONE ? { tokens: "At most 1,000,000,000,000." } : {}) : { tokens: tokens.reason }),
      ...(cost.ok ? (cost.units > MOST_COST ? { cost: "Is too large." } : {}) : { cost: cost.reason }),
    };
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    setAsked(typed);
    check({ requestPolicy: "network-only" });
  };
  const decision = data?.checkUsage;
  const rows = decision?.limits.map((limit) => ({ limit, names, denied: decision.denials.some((denial) => denial.limitId === limit.limitId) }));
  return (
    <Card title="Would a request pass now?">
      <form
        className={styles.estimate}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Field label="Tokens" error={wrong.tokens}>
          <TextInput numeric value={typed.tokens} onChange={(event) => setTyped({ ...typed, tokens: event.target.value })} />
        </Field>
        <Field label="Cost" error={wrong.cost}>
          <TextInput numeric prefix="$" value={typed.cost} onChange={(event) => setTyped({ ...typed, cost: event.target.value })} />
        </Field>
        <Button type="submit" pending={fetching}>
          Check
        </Button>
      </form>
      <ErrorNote title="It could not be checked." error={error} />
      {decision && <Verdict decision={decision} />}
      {rows && rows.length > 0 && (
        <DataTable label="Every limit that the request must pass" columns={columns} rows={rows} rowKey={({ limit }) => limit.limitId} />
      )}
      {rows?.length === 0 && decision?.allowed && (
        <p className={styles.note}>No limit applies to this key: not its own, not its workspace’s, not the organization’s.</p>
      )}
    </Card>
  );
}

const units = (parsed: { ok: true; units: bigint } | { ok: false }) => (parsed.ok ? parsed.units : 0n);

function Verdict({ decision }: { decision: Decision }) {
  return (
    <div role="status">
      <p className={styles.verdict}>
        {decision.allowed ? <Status tone="good">Would be admitted</Status> : <Status tone="danger">Would be denied</Status>}
        <span className={styles.note}>
          A gateway answers {decision.httpStatus}
          {decision.retryAfterSeconds != null && `, and Retry-After: ${decision.retryAfterSeconds}`}.
        </span>
      </p>
      {decision.denials.length > 0 && (
        <ul className={styles.denials}>
          {decision.denials.map((denial, index) => (
            <li key={index}>
              {withDates(denial.message)} {denial.retryAt && <span className={styles.note}>Opens again <Time at={denial.retryAt} />.</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Writes the instants in a message of the API as the page writes them. */
const withDates = (message: string) => message.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, instantUTC);

interface Row {
  limit: Limit;
  names: ReadonlyMap<string, string>;
  denied: boolean;
}

const text = (limit: Limit, value: string) => (limit.type === "COST" ? money(value) : count(value));
const unitOf = (limit: Limit) => (limit.type === "COST" ? "" : limit.type === "TOKENS" ? " tokens" : " requests");

const columns: readonly Column<Row>[] = [
  {
    id: "subject",
    header: "Of",
    grow: true,
    cell: ({ limit, names }) => (
      <SubjectLink id={limit.subjectId} subject={{ id: limit.subjectId, name: names.get(limit.subjectId) ?? limit.subjectId }} />
    ),
  },
  {
    id: "limit",
    header: "Limit",
    cell: ({ limit, denied }) => (
      <span className={styles.line}>
        {limit.kind === "BUDGET" ? "Budget" : "Rate"} {text(limit, limit.max)}
        {unitOf(limit)} {denied && <Status tone="danger">denies</Status>}
      </span>
    ),
  },
  {
    id: "bar",
    header: "Used and held",
    wideOnly: true,
    cell: ({ limit }) => (
      <div className={styles.bar}>
        <Bar
          thin
          label={`${text(limit, limit.used)} used, ${text(limit, limit.reserved)} held of ${text(limit, limit.max)}${unitOf(limit)}`}
          used={Number(limit.used)}
          held={Number(limit.reserved)}
          max={Number(limit.max)}
        />
      </div>
    ),
  },
  { id: "left", header: "Left", align: "right", cell: ({ limit }) => text(limit, limit.remaining) },
  {
    id: "resets",
    header: "Resets",
    align: "right",
    wideOnly: true,
    cell: ({ limit }) => (limit.resetsAt ? <Time at={limit.resetsAt} absolute /> : <None label="never" />),
  },
];
