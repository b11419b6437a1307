import { ButtonLink } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Page } from "../ui/Page";

/** For an address that is no page, and in place of a thing that does not exist or is another organization's. */
export function NotFound({ what = "page" }: { what?: string; data?: unknown }) {
  return (
    <Page title="Not found">
      <Empty title={`There is no such ${what}`} action={<ButtonLink to="/">Go to the overview</ButtonLink>}>
        It may have been deleted, or belong to another organization.
      </Empty>
    </Page>
  );
}
