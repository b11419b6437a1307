import { Link } from "@tanstack/react-router";
import type { KeyRowFragment } from "../../gql/graphql";
import type { Column } from "../../ui/DataTable";
import { None, Time } from "../../ui/Format";
import { KeyPrefix } from "./KeyPrefix";
import { KeyStatus } from "./KeyStatus";
import { TightestBudget, TightestRate } from "./LimitBars";
import styles from "./KeysPage.module.css";

/** A row of the table: the key, and what it spent this month where it has no budget that says so. */
export interface KeyRow {
  key: KeyRowFragment;
  spent: string | undefined;
}

/** The table's columns; their ids are those of the orders in the address. */
export const columns: readonly Column<KeyRow>[] = [
  {
    id: "name",
    header: "Name",
    sortable: true,
    grow: true,
    cell: ({ key }) => (
      <>
        <Link to="/keys/$keyId" params={{ keyId: key.id }} className={styles.name}>
          {key.name}
        </Link>
        <span className={styles.prefix}>
          <KeyPrefix prefix={key.prefix} foreign={key.foreignSecret} />
        </span>
        <span className={styles.narrow}>
          <KeyStatus status={key.status} />
        </span>
      </>
    ),
  },
  { id: "status", header: "Status", wideOnly: true, cell: ({ key }) => <KeyStatus status={key.status} /> },
  {
    id: "owner",
    header: "Owner",
    wideOnly: true,
    cell: ({ key }) => (
      <span className={key.owner.__typename === "Workspace" ? styles.owner : styles.noOwner}>
        {key.owner.__typename === "Workspace" ? key.owner.name : "no workspace"}
      </span>
    ),
  },
  { id: "spend", header: "Spend of the period", cell: ({ key, spent }) => <TightestBudget budgets={key.budgetLimits} spent={spent} /> },
  { id: "rate", header: "Rate", wideOnly: true, cell: ({ key }) => <TightestRate rates={key.rateLimits} /> },
  {
    id: "used",
    header: "Last used",
    sortable: true,
    wideOnly: true,
    align: "right",
    cell: ({ key }) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : <None label="never" />),
  },
  { id: "created", header: "Created", sortable: true, wideOnly: true, align: "right", cell: ({ key }) => <Time at={key.createdAt} /> },
];
