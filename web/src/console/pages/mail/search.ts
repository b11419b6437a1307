import { readPage } from "../../app/list";
import type { PageCursor } from "../../ui/Pager";

/** Which mails are shown, in the page's address; absent: all. */
export const mailFilters = ["PENDING", "FAILED"] as const;
export type MailFilter = (typeof mailFilters)[number];

export interface MailSearch extends PageCursor {
  show?: MailFilter;
}

export function readMailSearch(search: Record<string, unknown>): MailSearch {
  const show = mailFilters.find((each) => each === search.show);
  return { ...readPage(search), ...(show && { show }) };
}
