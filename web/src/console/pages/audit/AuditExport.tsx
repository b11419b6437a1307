import { SaveFile } from "../../app/SaveFile";
import { useViewer } from "../../app/viewer";
import { exportAddress } from "./exportAddress";
import type { AuditState } from "./search";

/** What the filters find, as a file. */
export function AuditExport({ state }: { state: AuditState }) {
  const { organization } = useViewer();
  return <SaveFile files={[{ label: "Export CSV", address: exportAddress(state, organization.id, new Date()), name: "audit.csv" }]} />;
}
