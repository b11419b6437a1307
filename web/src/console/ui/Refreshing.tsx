import type { ReactNode } from "react";
import { cx } from "./cx";
import styles from "./Refreshing.module.css";

interface Properties {
  /** What is shown is being read again. */
  busy: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/**
 * What may be read again while it is shown: a line along its top edge says so, from a third of a second on. What is read stays as legible as
 * it was. The element inside that is read again has `aria-busy`.
 */
export function Refreshing({ busy, className, children }: Properties) {
  return (
    <div className={cx(styles.frame, className)}>
      {busy && (
        <div className={styles.track} data-part="refreshing" aria-hidden="true">
          <div className={styles.line} />
        </div>
      )}
      {children}
    </div>
  );
}
