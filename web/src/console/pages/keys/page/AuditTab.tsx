import { useQuery } from "urql";
import type { KeyAuditQuery } from "../../../gql/graphql";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Time } from "../../../ui/Format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { pageArguments, Pager, type PageCursor } from "../../../ui/Pager";
import { AuditQuery } from "../documents";
import { changesOf } from "./auditChanges";
import styles from "./Lists.module.css";

type Entry = NonNullable<KeyAuditQuery["auditLog"]>["nodes"][number];

interface Properties {
  keyId: string;
  cursor: PageCursor;
  onPage: (cursor: PageCursor) => void;
}

/** Who changed what of a key, newest first. */
export function AuditTab({ keyId, cursor, onPage }: Properties) {
  const [{ data, error, stale, fetching }] = useQuery({
    query: AuditQuery,
    variables: { filter: { targetId: keyId }, ...pageArguments(cursor, 25) },
  });
  const list = data?.auditLog ?? undefined;
  return (
    <>
      <ErrorNote title="The audit log could not be read." error={error} />
      <Card flush>
        <DataTable
          label="Audit log"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={<Empty title="Nothing recorded" />}
        />
        <Pager pageInfo={list?.pageInfo} onPage={onPage} />
      </Card>
    </>
  );
}

/** Who it was: a member or a token by name, else what the log says, such as a job. */
function who({ actor, actorNode }: Entry): string {
  if (actorNode?.__typename === "Member") return actorNode.memberName ?? actorNode.email;
  if (actorNode?.__typename === "AccessToken") return `${actorNode.name} (token)`;
  return actor === "root" ? "Operator" : actor;
}

const columns: readonly Column<Entry>[] = [
  { id: "at", header: "When", cell: ({ at }) => <Time at={at} /> },
  { id: "who", header: "Who", cell: (entry) => <span className={styles.line}>{who(entry)}</span> },
  {
    id: "what",
    header: "What",
    grow: true,
    cell: ({ action, before, after, reason }) => (
      <>
        <code>{action}</code>
        {reason && <span className={styles.second}>{reason}</span>}
        {changesOf(before, after).map((change) => (
          <span key={change} className={styles.second}>
            {change}
          </span>
        ))}
      </>
    ),
  },
];
