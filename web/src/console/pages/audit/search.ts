import { readPage } from "../../app/list";
import { readSelection, writeSelection, type Day, type Preset, type Selection } from "../../time/range";
import type { PageCursor } from "../../ui/Pager";

/** Which entries the audit log shows; all of it is in the page's address. */
export interface AuditState {
  /** null: from the first entry to the last. */
  selection: Selection | null;
  /** The id of a member or an access token. */
  actor: string | null;
  /** The id of what was changed. */
  target: string | null;
  /** The name of a mutation, as createApiKey. */
  action: string | null;
}

export interface AuditSearch extends PageCursor {
  range?: Preset;
  from?: Day;
  to?: Day;
  actor?: string;
  target?: string;
  action?: string;
}

const id = (value: unknown): string | null => (typeof value === "string" && /^[a-z]{2,4}_[0-9a-f]{32}$/.test(value) ? value : null);

/** The state that an address names; what is no id is left out, for the API refuses it. */
export const readAuditState = (search: Record<string, unknown>): AuditState => ({
  selection: readSelection(search, null),
  actor: id(search.actor),
  target: id(search.target),
  action: typeof search.action === "string" && search.action !== "" ? search.action : null,
});

export function writeAuditState({ selection, actor, target, action }: AuditState): AuditSearch {
  const search: AuditSearch = selection === null ? {} : writeSelection(selection);
  if (actor !== null) search.actor = actor;
  if (target !== null) search.target = target;
  if (action !== null) search.action = action;
  return search;
}

/** The search of the route: the state, and where its page begins. */
export const auditSearch = (search: Record<string, unknown>): AuditSearch => ({ ...writeAuditState(readAuditState(search)), ...readPage(search) });
