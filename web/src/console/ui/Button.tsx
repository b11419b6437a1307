import { Link, type LinkProps } from "@tanstack/react-router";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

interface Look {
  /** `primary`: the one thing that a page or a dialog is for; `danger`: what cannot be undone. Default: `secondary`. */
  variant?: "primary" | "secondary" | "quiet" | "danger";
  icon?: IconName;
  small?: boolean;
}

interface Properties extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  /** Shown as busy, and not pressed a second time. */
  pending?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "secondary", icon, small, pending, type = "button", children, onClick, ...rest }: Properties) {
  return (
    <button
      {...rest}
      type={type}
      className={cx(styles.button, styles[variant], small && styles.small)}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that has an icon alone; `label` is its name. */
export function IconButton({ label, icon, ...rest }: Omit<Properties, "children" | "icon"> & { label: string; icon: IconName }) {
  return (
    <button
      {...rest}
      type={rest.type ?? "button"}
      className={cx(styles.button, styles.iconOnly, styles[rest.variant ?? "quiet"], rest.small && styles.small)}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function ButtonLink({ variant = "secondary", icon, small, children, ...rest }: Look & LinkProps & { children: ReactNode }) {
  return (
    <Link {...rest} className={cx(styles.button, styles[variant], small && styles.small)}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}
