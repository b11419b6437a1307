import { rangeOf } from "../../time/range";
import type { AuditState } from "./search";

/** The address of a file with the entries of an organization that the filters find at the instant `now`. */
export function exportAddress({ selection, actor, target, action }: AuditState, organizationId: string, now: Date): string {
  const search = new URLSearchParams({ organizationId });
  if (selection !== null) {
    const { from, to } = rangeOf(selection, now);
    search.set("from", from.toISOString());
    search.set("to", to.toISOString());
  }
  if (action !== null) search.set("action", action);
  if (actor !== null) search.set("actorId", actor);
  if (target !== null) search.set("targetId", target);
  return `/export/audit.csv?${search}`;
}
