import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { OrganizationQuotasQuery } from "../../gql/graphql";
import { Bar } from "../../ui/Bar";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Count } from "../../ui/Format";
import { count } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { OrganizationQuotas } from "./documents";
import styles from "./OrganizationPage.module.css";
import { QuotasDialog } from "./QuotasDialog";
import { quotaNames } from "./quotas";

export type Quota = Extract<NonNullable<OrganizationQuotasQuery["node"]>, { __typename: "Organization" }>["quotas"][number];

/** What the organization may have at most, and how much of that it has. The operator sets it. */
export function QuotasCard() {
  const { organization, can } = useViewer();
  const [editing, setEditing] = useState(false);
  const [{ data, error, stale, fetching }] = useQuery({ query: OrganizationQuotas, variables: { organization: organization.id } });
  const quotas = data?.node?.__typename === "Organization" ? data.node.quotas : undefined;
  const columns = useMemo(columnsOf, []);
  return (
    <Card
      flush
      title="Quotas"
      actions={
        can.operate &&
        quotas && (
          <Button small variant="quiet" icon="edit" onClick={() => setEditing(true)}>
            Set
          </Button>
        )
      }
    >
      <ErrorNote title="The quotas could not be read." error={error} />
      <DataTable label="Quotas" columns={columns} rows={quotas} rowKey={({ name }) => name} stale={stale || fetching} />
      {editing && quotas && <QuotasDialog quotas={quotas} onClose={() => setEditing(false)} />}
    </Card>
  );
}

const columnsOf = (): Column<Quota>[] => [
  { id: "name", header: "Of", grow: true, cell: ({ name }) => quotaNames[name] },
  {
    id: "bar",
    header: "Share",
    headerHidden: true,
    wideOnly: true,
    cell: ({ name, used, maximum }) => (
      <span className={styles.quota}>
        <Bar thin label={`${quotaNames[name]}: ${count(used)} of ${count(maximum)}`} used={used} max={maximum} />
      </span>
    ),
  },
  { id: "used", header: "Used", align: "right", cell: ({ used }) => <Count value={used} /> },
  { id: "maximum", header: "At most", align: "right", cell: ({ maximum }) => <Count value={maximum} /> },
];
