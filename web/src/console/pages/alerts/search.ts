import { readPage } from "../../app/list";
import { readSelection, writeSelection, type Day, type Preset, type Selection } from "../../time/range";
import type { PageCursor } from "../../ui/Pager";

/** What raises alerts, the most urgent first. */
export const alertKinds = ["EXHAUSTED", "REFUSED", "THRESHOLD", "RAISE_REQUESTED", "RAISE_GRANTED", "RAISE_DECLINED", "RAISED"] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Which alerts are shown; all of it is in the page's address. */
export interface AlertState {
  /** null: all of them. */
  selection: Selection | null;
  kind: AlertKind | null;
  /** The id of the API key, workspace or organization that the budget stands on. */
  subject: string | null;
}

export interface AlertSearch extends PageCursor {
  range?: Preset;
  from?: Day;
  to?: Day;
  kind?: AlertKind;
  subject?: string;
}

/** The state that an address names; what the API would refuse is left out. */
export const readAlertState = (search: Record<string, unknown>): AlertState => ({
  selection: readSelection(search, null),
  kind: alertKinds.find((kind) => kind === search.kind) ?? null,
  subject: typeof search.subject === "string" && /^(org|ws|key)_[0-9a-f]{32}$/.test(search.subject) ? search.subject : null,
});

export function writeAlertState({ selection, kind, subject }: AlertState): AlertSearch {
  const search: AlertSearch = selection === null ? {} : writeSelection(selection);
  if (kind !== null) search.kind = kind;
  if (subject !== null) search.subject = subject;
  return search;
}

/** The search of the route: the state, and where its page begins. */
export const alertSearch = (search: Record<string, unknown>): AlertSearch => ({ ...writeAlertState(readAlertState(search)), ...readPage(search) });
