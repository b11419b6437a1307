import type { PageCursor } from "../ui/Pager";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Which page of a list an address names: the one after a cursor or the one before it, never both; neither is the first page. */
export function readPage(search: Record<string, unknown>): PageCursor {
  const [after, before] = [text(search.after), text(search.before)];
  if (after !== undefined) return { after };
  return before === undefined ? {} : { before };
}
