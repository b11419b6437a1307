import { Link } from "@tanstack/react-router";
import { Icon, type IconName } from "../ui/Icon";
import { useConfig } from "./config";
import { navigation } from "./navigation";
import styles from "./NavigationLinks.module.css";
import { useViewer, type Viewer } from "./viewer";

/** Pages of the server that are not the console's: the manual, GraphiQL, River UI for the operator, mail that was kept. */
function elsewhere({ can }: Viewer, outbox: boolean): { href: string; label: string; icon: IconName }[] {
  return [
    { href: "/docs/", label: "Documentation", icon: "docs" },
    { href: "/graphiql", label: "GraphiQL", icon: "graphql" },
    ...(can.operate ? [{ href: "/jobs", label: "River UI", icon: "external" } as const] : []),
    ...(outbox ? [{ href: "/outbox", label: "Outbox", icon: "outbox" } as const] : []),
  ];
}

/** The links to the pages that the viewer may see, and to the server's other pages. */
export function NavigationLinks() {
  const viewer = useViewer();
  const config = useConfig();
  return (
    <nav className={styles.navigation} aria-label="Main">
      {navigation.map(({ label, items }) => {
        const offered = items.filter((item) => item.offered?.(viewer) ?? true);
        if (offered.length === 0) return null;
        return (
          <div key={label ?? ""}>
            {label && <h2 className={styles.heading}>{label}</h2>}
            <ul>
              {offered.map((item) => (
                <li key={item.to}>
                  <Link to={item.to} className={styles.link} activeOptions={{ exact: item.to === "/" }}>
                    <Icon name={item.icon} />
                    {item.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <div>
        <h2 className={styles.heading}>Developers</h2>
        <ul>
          {elsewhere(viewer, config?.outbox ?? false).map(({ href, label, icon }) => (
            <li key={href}>
              <a href={href} className={styles.link}>
                <Icon name={icon} />
                {label}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}
