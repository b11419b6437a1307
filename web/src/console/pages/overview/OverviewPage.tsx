import { useViewer } from "../../app/viewer";
import { Page } from "../../ui/Page";

/** What the organization spends, and what needs attention. */
export function OverviewPage() {
  const { organization } = useViewer();
  return <Page title="Overview">{organization.name}</Page>;
}
