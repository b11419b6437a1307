import { useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { EditLimitsPage } from "../limits/EditLimitsPage";

/** Edits the limits of a workspace. */
export function WorkspaceLimitsPage(): ReactElement {
  const { workspaceId } = useParams({ from: "/shell/workspaces/$workspaceId/limits" });
  return <EditLimitsPage key={workspaceId} id={workspaceId} />;
}
