import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import styles from "./AccountMenu.module.css";
import { useSession } from "./SessionProvider";
import { chooseTheme, useTheme, type Theme } from "./theme";
import { useViewer } from "./viewer";

const themes: { theme: Theme; label: string }[] = [
  { theme: "system", label: "As the system" },
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
];

/** Who is signed in, how the page looks, and the way out. */
export function AccountMenu({ named }: { named?: boolean }) {
  const { role, member } = useViewer();
  const { signOut } = useSession();
  const chosen = useTheme();
  const name = member?.email ?? (role === "ROOT" ? "Operator" : "Access token");
  return (
    <Menu
      align={named ? "start" : "end"}
      trigger={
        named ? (
          <button type="button" className={styles.account}>
            <span className={styles.text}>
              <span className="visually-hidden">Account: </span>
              <strong>{name}</strong>
              <span>{role.toLowerCase()}</span>
            </span>
            <Icon name="chevron" />
          </button>
        ) : (
          <IconButton label="Account" icon="members" />
        )
      }
      entries={[
        { heading: `${name} · ${role.toLowerCase()}` },
        "separator",
        { heading: "Colours" },
        ...themes.map(({ theme, label }) => ({ label, checked: theme === chosen, onSelect: () => chooseTheme(theme) })),
        "separator",
        { label: "Sign out", icon: "signOut" as const, onSelect: signOut },
      ]}
    />
  );
}
