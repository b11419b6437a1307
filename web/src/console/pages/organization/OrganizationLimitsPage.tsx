import type { ReactElement } from "react";
import { useViewer } from "../../app/viewer";
import { EditLimitsPage } from "../limits/EditLimitsPage";

/** Edits the limits of the organization. */
export function OrganizationLimitsPage(): ReactElement {
  const { organization } = useViewer();
  return <EditLimitsPage key={organization.id} id={organization.id} />;
}
