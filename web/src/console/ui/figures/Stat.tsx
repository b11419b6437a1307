import type { ReactNode } from "react";
import styles from "./Stat.module.css";

interface Properties {
  label: ReactNode;
  /** The figure. */
  value: ReactNode;
  /** What it is compared with, or what it is made of. */
  note?: ReactNode;
}

/** One figure, with what it is. */
export function Stat({ label, value, note }: Properties) {
  return (
    <div className={styles.stat}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  );
}

/** Several figures, side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={styles.stats}>{children}</dl>;
}
