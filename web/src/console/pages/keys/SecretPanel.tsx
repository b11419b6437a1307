import { useEffect, useRef, type ReactNode } from "react";
import { CopyButton } from "../../ui/CopyButton";
import { Note } from "../../ui/Note";
import { Card } from "../../ui/Page";
import styles from "./SecretPanel.module.css";
import { Snippets } from "./Snippets";

interface Properties {
  /** Null when the answer that had it was lost. */
  secret: string | null | undefined;
  /** What to do when it was lost, as the server says it. */
  message: string | null | undefined;
  /** What is offered then. */
  children?: ReactNode;
}

/** A secret, this once: to copy, and to use. */
export function SecretPanel({ secret, message, children }: Properties) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  if (!secret) {
    return (
      <Note tone="warning" title="The key was made, but its secret reached nobody">
        <p>{message}</p>
        {children}
      </Note>
    );
  }
  return (
    <>
      <Card>
        <div className={styles.panel}>
          <h2 ref={heading} tabIndex={-1}>
            Copy the secret now
          </h2>
          <p>It is shown this once. Bursar keeps only a hash of it: whoever loses it rotates the key.</p>
          <div className={styles.secret}>
            <code data-testid="secret">{secret}</code>
            <CopyButton text={secret} label="Copy secret" />
          </div>
        </div>
      </Card>
      <Card title="Use it">
        <Snippets secret={secret} />
      </Card>
    </>
  );
}
