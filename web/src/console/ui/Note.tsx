import type { CombinedError } from "@urql/core";
import type { ReactNode } from "react";
import { problems } from "../app/errors";
import { Button } from "./Button";
import { cx } from "./cx";
import { Icon } from "./Icon";
import styles from "./Note.module.css";

/** A remark in a page or a form. */
export function Note({ tone = "neutral", title, children }: { tone?: "neutral" | "warning" | "danger"; title?: ReactNode; children?: ReactNode }) {
  return (
    <div className={cx(styles.note, styles[tone])} role={tone === "danger" ? "alert" : undefined}>
      <Icon name={tone === "neutral" ? "info" : "warning"} />
      <div>
        {title && <p className={styles.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}

interface ErrorProperties {
  /** What failed, as a sentence: `The keys could not be read.` */
  title: string;
  error: CombinedError | undefined;
  /** Fields whose errors stand beside them, and not here. */
  shownFields?: readonly string[];
  onRetry?: () => void;
}

/** What went wrong, all of it; nothing when nothing did. */
export function ErrorNote({ title, error, shownFields = [], onRetry }: ErrorProperties) {
  const shown = problems(error).filter(({ field }) => field === undefined || !shownFields.includes(field));
  if (shown.length === 0) return null;
  return (
    <Note tone="danger" title={title}>
      <ul>
        {shown.map((problem, index) => (
          <li key={index}>
            {problem.message}
            {problem.code === "INTERNAL" && problem.requestId && (
              <>
                {" "}
                The server’s log names it <code>{problem.requestId}</code>.
              </>
            )}
          </li>
        ))}
      </ul>
      {onRetry && (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </Note>
  );
}

/** In place of what the organization's plan does not include. */
export function NotInPlan({ what }: { what: string }) {
  return (
    <Note title="Not in this plan">
      <p>{what} are part of the plan ENTERPRISE, and of PRO where the operator enabled them.</p>
    </Note>
  );
}
