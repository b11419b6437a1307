import type { ReactNode } from "react";
import { cx } from "./cx";
import styles from "./Status.module.css";

export type Tone = "good" | "neutral" | "warning" | "danger";

/** A state in a word, with a mark: colour is never the only thing that tells it. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={cx(styles.status, styles[tone])}>{children}</span>;
}
