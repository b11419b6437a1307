import styles from "./PageLoading.module.css";

/** While a page, or who uses it, is being read. */
export function PageLoading() {
  return (
    <div className={styles.loading} role="status">
      <span>Loading…</span>
    </div>
  );
}
