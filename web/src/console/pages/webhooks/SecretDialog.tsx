import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import styles from "./Webhooks.module.css";

interface Properties {
  title: string;
  /** null: it was shown before, and the answer was lost. */
  secret: string | null | undefined;
  /** What to do with it, in a sentence. */
  children: React.ReactNode;
  onClose: () => void;
}

/** Shows the secret that signs what a webhook is sent, once. */
export function SecretDialog({ title, secret, children, onClose }: Properties) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {secret ? (
        <>
          <p>{children}</p>
          <code className={styles.secret}>{secret}</code>
          <div className={styles.copy}>
            <CopyButton text={secret} label="Copy secret" />
          </div>
        </>
      ) : (
        <Note tone="warning" title="The secret cannot be shown again">
          <p>The answer with it was lost. Rotate the secret to get another one.</p>
        </Note>
      )}
    </Dialog>
  );
}
