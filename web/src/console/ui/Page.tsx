import { useEffect, type ReactNode } from "react";
import { cx } from "./cx";
import styles from "./Page.module.css";

interface Properties {
  /** Also the title of the browser's tab. */
  title: string;
  /** Beside the title: a status, a count. */
  aside?: ReactNode;
  /** What the page is for, in a sentence. */
  lead?: ReactNode;
  /** Links above the title to what the thing belongs to. */
  trail?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its header, and what follows. */
export function Page({ title, aside, lead, trail, actions, children }: Properties) {
  useEffect(() => {
    document.title = `${title} · Bursar`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.titles}>
          {trail && (
            <nav className={styles.trail} aria-label="Breadcrumb">
              {trail}
            </nav>
          )}
          <div className={styles.title}>
            <h1>{title}</h1>
            {aside}
          </div>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProperties {
  title?: ReactNode;
  /** Beside the title: a link, a filter. */
  actions?: ReactNode;
  /** No distance around the contents: tables, lists. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page. */
export function Card({ title, actions, flush, children }: CardProperties) {
  return (
    <section className={styles.card}>
      {(title || actions) && (
        <header className={styles.cardHeader}>
          <h2>{title}</h2>
          {actions && <div className={styles.cardActions}>{actions}</div>}
        </header>
      )}
      <div className={cx(flush ? styles.flush : styles.padded)}>{children}</div>
    </section>
  );
}

/** Cards side by side, as many as there is room for. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={styles.columns}>{children}</div>;
}

/** Filters above a table. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className={styles.toolbar}>{children}</div>;
}
