import { SaveFile } from "../../app/SaveFile";
import { rangeOf } from "../../time/range";
import type { AuditState } from "./search";

/** What the filters by time, action and target find, as a file; the export has no filter by actor. */
export function AuditExport({ state }: { state: AuditState }) {
  const search = new URLSearchParams();
  if (state.selection) {
    const { from, to } = rangeOf(state.selection, new Date());
    search.set("from", from.toISOString());
    search.set("to", to.toISOString());
  }
  if (state.action !== null) search.set("action", state.action);
  if (state.target !== null) search.set("targetId", state.target);
  return <SaveFile files={[{ label: "Export CSV", address: `/export/audit.csv?${search}`, name: "audit.csv" }]} />;
}
