import type { Range } from "../../time/range";
import { SaveFile } from "../../app/SaveFile";

/** The audit log of a range as a file. */
export function AuditExport({ range }: { range: Range | null }) {
  const search = new URLSearchParams();
  if (range) {
    search.set("from", range.from.toISOString());
    search.set("to", range.to.toISOString());
  }
  return <SaveFile files={[{ label: "Export CSV", address: `/export/audit.csv?${search}`, name: "audit.csv" }]} />;
}
