import type { IconName } from "../ui/Icon";
import type { Viewer } from "./viewer";

/** A link of the navigation. */
export interface NavigationItem {
  to: string;
  label: string;
  icon: IconName;
  /** Whether the viewer is shown it; default: everybody. */
  offered?: (viewer: Viewer) => boolean;
}

/** The navigation, group by group; one line for each page. */
export const navigation: { label: string | undefined; items: NavigationItem[] }[] = [
  {
    label: undefined,
    items: [
      { to: "/", label: "Overview", icon: "overview" },
    ],
  },
  {
    label: "Organization",
    items: [
    ],
  },
  {
    label: "Activity",
    items: [
    ],
  },
  {
    label: "Instance",
    items: [
    ],
  },
];
