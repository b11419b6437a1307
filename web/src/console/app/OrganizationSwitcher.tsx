import { useNavigate } from "@tanstack/react-router";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import styles from "./OrganizationSwitcher.module.css";
import { useSession } from "./SessionProvider";
import { useViewer } from "./viewer";

/** The organization that the pages are about; a menu for people of several, and for the operator. */
export function OrganizationSwitcher() {
  const { organization, choices } = useViewer();
  const { chooseOrganization } = useSession();
  const navigate = useNavigate();
  const current = (
    <span className={styles.text}>
      <span className="visually-hidden">Organization: </span>
      <strong>{organization.name}</strong>
      <span>{organization.slug}</span>
    </span>
  );
  if (choices.length < 2) return <div className={styles.box}>{current}</div>;
  const choose = (id: string) => {
    if (id === organization.id) return;
    chooseOrganization(id);
    void navigate({ to: "/" }); // what the address names is another organization's
  };
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={styles.box}>
          {current}
          <Icon name="chevron" />
        </button>
      }
      entries={[
        { heading: "Organizations" },
        ...choices.map(({ id, name, role }) => ({
          label: (
            <span className={styles.choice}>
              {name}
              {role && <span>{role.toLowerCase()}</span>}
            </span>
          ),
          checked: id === organization.id,
          onSelect: () => choose(id),
        })),
      ]}
    />
  );
}
