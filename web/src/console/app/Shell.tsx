import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useClient } from "urql";
import { IconButton } from "../ui/Button";
import mark from "../../mark.svg";
import { AccountMenu } from "./AccountMenu";
import { followChanges } from "./client";
import { NavigationLinks } from "./NavigationLinks";
import { OrganizationSwitcher } from "./OrganizationSwitcher";
import styles from "./Shell.module.css";
import { cx } from "../ui/cx";

/** What stands around every page: navigation, organization, account. Narrow pages open the navigation with a button. */
export function Shell() {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [pathname]);
  const client = useClient();
  useEffect(() => followChanges(client), [client]);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    toggle.current?.focus();
  };
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to the page
      </a>
      <header className={styles.bar}>
        <IconButton
          ref={toggle}
          label={open ? "Close the navigation" : "Open the navigation"}
          icon={open ? "close" : "menu"}
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        />
        <span className={styles.name}>
          <img src={mark} alt="" width="22" height="22" />
          Bursar
        </span>
        <AccountMenu />
      </header>
      <aside id="navigation" aria-label="Bursar" className={cx(styles.side, open && styles.open)} onKeyDown={closeOnEscape}>
        <span className={cx(styles.name, styles.wide)}>
          <img src={mark} alt="" width="22" height="22" />
          Bursar
        </span>
        <OrganizationSwitcher />
        <NavigationLinks />
        <div className={cx(styles.account, styles.wide)}>
          <AccountMenu named />
        </div>
      </aside>
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
