import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "../ui/Button";
import { Note } from "../ui/Note";
import { Page } from "../ui/Page";

/** In place of a page that failed. After an upgrade of the server its old files are gone: reloading gets the new ones. */
export function PageError({ error }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <Note tone="danger" title="The page could not be shown.">
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <Button small onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Note>
    </Page>
  );
}
