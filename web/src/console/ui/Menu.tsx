import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

/** One entry of a menu, or a line between entries. */
export type MenuEntry =
  | {
      label: ReactNode;
      icon?: IconName;
      onSelect: () => void;
      danger?: boolean;
      disabled?: boolean;
      /** Shown with a mark: the one of a choice that is in force. */
      checked?: boolean;
    }
  | "separator"
  | { heading: string };

interface Properties {
  /** A button, which opens the menu. */
  trigger: ReactNode;
  entries: (MenuEntry | false | undefined)[];
  align?: "start" | "end";
}

/** What a button offers. Entries that the viewer may not use are left out, not disabled. */
export function Menu({ trigger, entries, align = "end" }: Properties) {
  return (
    // Not modal: the modal form adds a style element, which the page's policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {/* Without a portal: it stays in its landmark, and above a dialog that it is part of. */}
      <DropdownMenu.Content className={styles.menu} align={align} sideOffset={4} collisionPadding={8}>
        {entries.map((entry, index) => entry && <Entry key={index} entry={entry} />)}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === "separator") return <DropdownMenu.Separator className={styles.separator} />;
  if ("heading" in entry) return <DropdownMenu.Label className={styles.heading}>{entry.heading}</DropdownMenu.Label>;
  const { label, icon, onSelect, danger, disabled, checked } = entry;
  const content = (
    <>
      {checked !== undefined ? <span className={styles.mark}>{checked && <Icon name="check" />}</span> : icon && <Icon name={icon} />}
      {label}
    </>
  );
  const properties = { className: cx(styles.entry, danger && styles.danger), disabled, onSelect };
  if (checked === undefined) return <DropdownMenu.Item {...properties}>{content}</DropdownMenu.Item>;
  return (
    <DropdownMenu.CheckboxItem {...properties} checked={checked}>
      {content}
    </DropdownMenu.CheckboxItem>
  );
}
