import { maskToken } from "../../graphiql/token";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import type { Credentials } from "./credentials";
import styles from "./OfferedToken.module.css";
import { useSession } from "./SessionProvider";

/**
 * Asks whether the token that a link has brought shall replace the session. Nothing is sent with it and it is kept nowhere
 * until the user says so; Escape and Enter keep the session.
 */
export function OfferedToken({ used, offered }: { used: Credentials; offered: Credentials }) {
  const { keep, signIn } = useSession();
  return (
    <Dialog
      title="Use another access token?"
      description={
        "The link that you opened brings an access token. Anybody can make such a link. With its token you work in the organization that it " +
        "belongs to, where others may read what you enter."
      }
      onClose={keep}
      actions={
        <>
          <Button onClick={() => signIn(offered)}>Use the link’s</Button>
          <Button variant="primary" data-focus onClick={keep}>
            Keep mine
          </Button>
        </>
      }
    >
      <dl className={styles.tokens}>
        <dt>Yours</dt>
        <dd>{used.kind === "identity" ? "your sign-in" : <code>{maskToken(used.token)}</code>}</dd>
        <dt>The link’s</dt>
        <dd>
          <code>{maskToken(offered.token)}</code>
        </dd>
      </dl>
    </Dialog>
  );
}
