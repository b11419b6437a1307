import { readPage } from "../../app/list";
import type { PageCursor } from "../../ui/Pager";

/** Where the list stands. */
export const raiseSearch = (search: Record<string, unknown>): PageCursor & { all?: true } => ({
  ...(search["all"] === true ? { all: true as const } : {}),
  ...readPage(search),
});
