import type { OverviewDetailQuery } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { Count } from "../../ui/Format";
import { Card } from "../../ui/Page";
import { SubjectLink, type Subject } from "../../app/SubjectLink";
import styles from "./Overview.module.css";

type Report = NonNullable<OverviewDetailQuery["denials"]>;

/** How many are shown. */
const most = 6;

/** What was denied today, by key and reason, the most first. */
export function Denials({ denials }: { denials: Report | null | undefined }) {
  if (!denials) return null;
  const rows = byKeyAndReason(denials).slice(0, most);
  return (
    <Card
      title="Denied today"
      actions={
        <span className={styles.muted}>
          <Count value={denials.requests} /> requests
        </span>
      }
    >
      {rows.length === 0 && <Empty title="Nothing was denied today" />}
      <ul className={styles.events}>
        {rows.map(({ key, reason, count }) => (
          <li key={`${key?.id} ${reason}`}>
            <span className={styles.eventText}>
              {key ? <SubjectLink subject={key} id={key.id} /> : "unknown keys"}
              <span className={styles.muted}>{reason.toLowerCase().replaceAll("_", " ")}</span>
            </span>
            <Count value={count} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function byKeyAndReason({ edges }: Report): { key: Subject | undefined; reason: string; count: number }[] {
  const sums = new Map<string, { key: Subject | undefined; reason: string; count: number }>();
  for (const { apiKey, reason, count } of edges.map(({ node }) => node)) {
    const name = `${apiKey?.id} ${reason}`;
    const sum = sums.get(name) ?? { key: apiKey ?? undefined, reason, count: 0 };
    sums.set(name, { ...sum, count: sum.count + count });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count);
}
