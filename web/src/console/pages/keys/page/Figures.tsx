import styles from "./Limits.module.css";

/** What of a limit is used, held and left. */
export function Figures({ used, held, left }: { used: string; held: string; left: string }) {
  return (
    <dl className={styles.figures}>
      <div>
        <dt className={styles.used}>Used</dt>
        <dd>{used}</dd>
      </div>
      <div>
        <dt className={styles.held}>Held</dt>
        <dd>{held}</dd>
      </div>
      <div>
        <dt className={styles.left}>Left</dt>
        <dd>{left}</dd>
      </div>
    </dl>
  );
}
