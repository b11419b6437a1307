import type { Organization } from "../../app/viewer";

/** Whether an organization's plan lets it make and change limits. */
export const hasGovernance = ({ plan, governanceEnabled }: Pick<Organization, "plan" | "governanceEnabled">): boolean =>
  plan === "ENTERPRISE" || (plan === "PRO" && governanceEnabled);
