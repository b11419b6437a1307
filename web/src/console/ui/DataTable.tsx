import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef, type SortingState } from "@tanstack/react-table";
import { useMemo, type ReactNode } from "react";
import { Checkbox } from "./Inputs";
import { cx } from "./cx";
import styles from "./DataTable.module.css";
import { Empty } from "./Empty";
import { Icon } from "./Icon";
import { Refreshing } from "./Refreshing";

/** A column of a table. Keep the list of them outside of the component, or in a memo. */
export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** What rows are sorted by where the page holds them all; without it the column's header is no button. */
  sortValue?: (row: T) => string | number;
  /** The column's header asks the server for its order: see `order` of the table. */
  sortable?: boolean;
  align?: "right";
  /** Takes the room that the others leave. */
  grow?: boolean;
  /** Stays on one line. */
  line?: boolean;
  /** Not shown where the page is narrower than 760 pixels. */
  wideOnly?: boolean;
  /** The header is for screen readers alone: buttons, marks. */
  headerHidden?: boolean;
}

/** An order of rows, by a column's id. */
export interface Order {
  column: string;
  descending: boolean;
}

interface Properties<T> {
  /** What the rows are, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  /** Undefined while they are read for the first time. */
  rows: readonly T[] | undefined;
  rowKey: (row: T) => string;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
  /** Given: the server sorts, and is asked for another order with `onOrder`. Absent: rows with a `sortValue` are sorted here. */
  order?: Order;
  onOrder?: (order: Order) => void;
  /** The keys of the rows that are chosen, and how to choose others; without it rows cannot be chosen. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  /** How rows are called where they are chosen one by one, such as their names. */
  rowName?: (row: T) => string;
  /** They are being read again. */
  stale?: boolean;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

type Definition<T extends object> = ColumnDef<typeof features, T>;

/** Rows in columns. */
export function DataTable<T extends object>(properties: Properties<T>) {
  const { label, columns, rows, rowKey, empty, order, onOrder, selected, onSelect, rowName, stale } = properties;
  const definitions = useMemo(() => columns.map((column) => definition(column)), [columns]);
  const data = useMemo(() => [...(rows ?? [])], [rows]);
  const sorting: SortingState | undefined = order && [{ id: order.column, desc: order.descending }];
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    enableSortingRemoval: false,
    manualSorting: onOrder !== undefined,
    ...(sorting && onOrder
      ? {
          state: { sorting },
          onSortingChange: (change) => {
            const [first] = typeof change === "function" ? change(sorting) : change;
            if (first) onOrder({ column: first.id, descending: first.desc });
          },
        }
      : {}),
  });
  const shown = table.getRowModel().rows;
  const byId = new Map(columns.map((column) => [column.id, column]));
  const choose = (key: string, chosen: boolean) => {
    const next = new Set(selected);
    if (chosen) next.add(key);
    else next.delete(key);
    onSelect?.(next);
  };
  const all = shown.length > 0 && shown.every((row) => selected?.has(row.id));

  if (rows !== undefined && rows.length === 0 && empty !== undefined) return <Refreshing busy={stale}>{empty}</Refreshing>;
  return (
    <Refreshing busy={rows !== undefined && stale}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
        <table className={styles.table} aria-busy={rows === undefined || stale || undefined}>
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {onSelect && (
                <th scope="col" className={styles.choice}>
                  <Checkbox
                    label={undefined}
                    aria-label="Choose all rows"
                    checked={all}
                    onChange={(chosen) => onSelect(new Set(chosen ? shown.map((row) => row.id) : []))}
                  />
                </th>
              )}
              {table.getHeaderGroups()[0]!.headers.map((header) => {
                const column = byId.get(header.column.id)!;
                const sorted = header.column.getIsSorted();
                const sort = header.column.getCanSort() ? header.column.getToggleSortingHandler() : undefined;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={cellClass(column)}
                    aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}
                  >
                    {sort ? (
                      <button type="button" className={styles.sort} onClick={sort}>
                        {column.header}
                        <span className={cx(styles.direction, !sorted && styles.unsorted)}>
                          <Icon name={sorted === "desc" ? "down" : "up"} size={12} />
                        </span>
                      </button>
                    ) : (
                      <span className={cx(column.headerHidden && "visually-hidden")}>{column.header}</span>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows === undefined && <Loading columns={columns.length + (onSelect ? 1 : 0)} />}
            {shown.map((row) => (
              <tr key={row.id} className={cx(selected?.has(row.id) && styles.selected)}>
                {onSelect && (
                  <td className={styles.choice}>
                    <Checkbox
                      label={undefined}
                      aria-label={`Choose ${rowName?.(row.original) ?? row.id}`}
                      checked={selected?.has(row.id) ?? false}
                      onChange={(chosen) => choose(row.id, chosen)}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.id} className={cellClass(column)}>
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows !== undefined && rows.length === 0 && <Empty title="Nothing here" />}
      </div>
    </Refreshing>
  );
}

function definition<T extends object>(column: Column<T>): Definition<T> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: column.sortValue ?? (() => ""),
    enableSorting: column.sortable ?? column.sortValue !== undefined,
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  };
}

function compare(a: unknown, b: unknown): number {
  return typeof a === "string" && typeof b === "string" ? a.localeCompare(b, "en") : Number(a) - Number(b);
}

function cellClass<T>(column: Column<T>): string {
  return cx(column.align === "right" && styles.right, column.grow && styles.grow, column.line && styles.line, column.wideOnly && styles.wideOnly);
}

/** What a cell shows in place of columns that a narrow page has no room for. */
export function NarrowOnly({ children }: { children: ReactNode }) {
  return <span className={styles.narrowOnly}>{children}</span>;
}

function Loading({ columns }: { columns: number }) {
  return Array.from({ length: 5 }, (_, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <span className={styles.skeleton} />
        </td>
      ))}
    </tr>
  ));
}
