import { readPage } from "../../app/list";
import type { DeliveryStatus } from "../../gql/graphql";
import { readSelection, writeSelection, type Day, type Preset, type Selection } from "../../time/range";
import type { PageCursor } from "../../ui/Pager";
import { isAddress } from "../keys/form/addresses";

/** What mails are shown by; absent: all. */
export const mailFilters = ["PENDING", "ARRIVING", "FAILED"] as const;
export type MailFilter = (typeof mailFilters)[number];

export const statusesOf: Record<MailFilter, DeliveryStatus[]> = {
  PENDING: ["QUEUED"],
  ARRIVING: ["SENT", "DELIVERED"],
  FAILED: ["FAILED", "BOUNCED", "COMPLAINED"],
};

/** Which mails are shown; all of it is in the page's address. */
export interface MailState {
  /** null: of any time. */
  selection: Selection | null;
  show: MailFilter | null;
  /** The address that they went to. */
  to: string | null;
}

export interface MailSearch extends PageCursor {
  range?: Preset;
  from?: Day;
  to?: Day;
  show?: MailFilter;
  address?: string;
}

/** The state that an address names; what the API would refuse is left out. */
export const readMailState = (search: Record<string, unknown>): MailState => ({
  selection: readSelection(search, null),
  show: mailFilters.find((each) => each === search.show) ?? null,
  to: typeof search.address === "string" && isAddress(search.address) ? search.address : null,
});

export function writeMailState({ selection, show, to }: MailState): MailSearch {
  const search: MailSearch = selection === null ? {} : writeSelection(selection);
  if (show !== null) search.show = show;
  if (to !== null) search.address = to;
  return search;
}

/** The search of the route: the state, and where its page begins. */
export const mailSearch = (search: Record<string, unknown>): MailSearch => ({ ...writeMailState(readMailState(search)), ...readPage(search) });
