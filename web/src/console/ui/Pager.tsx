import { Button } from "./Button";
import { count } from "./format";
import styles from "./Pager.module.css";

/** Where a page of a list is: the arguments of the query. Keep it in the address. */
export type PageCursor = { after?: string; before?: string };

interface Properties {
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor?: string | null; endCursor?: string | null } | undefined;
  /** How many there are in all, and what one of them is called. */
  total?: number;
  noun?: string;
  onPage: (cursor: PageCursor) => void;
}

/** Earlier and later pages of a list. */
export function Pager({ pageInfo, total, noun = "row", onPage }: Properties) {
  const { hasPreviousPage = false, hasNextPage = false, startCursor, endCursor } = pageInfo ?? {};
  if (total === undefined && !hasPreviousPage && !hasNextPage) return null;
  return (
    <nav className={styles.pager} aria-label="Pages">
      <span className={styles.total}>{total !== undefined && `${count(total)} ${noun}${total === 1 ? "" : "s"}`}</span>
      {(hasPreviousPage || hasNextPage) && (
        <span className={styles.buttons}>
          <Button small icon="left" disabled={!hasPreviousPage} onClick={() => onPage({ before: startCursor ?? undefined })}>
            Previous
          </Button>
          <Button small disabled={!hasNextPage} onClick={() => onPage({ after: endCursor ?? undefined })}>
            Next
          </Button>
        </span>
      )}
    </nav>
  );
}

/** The arguments for a page of that size: `first` and `after`, or `last` and `before`. */
export function pageArguments({ after, before }: PageCursor, size = 50) {
  return before === undefined ? { first: size, after } : { last: size, before };
}
