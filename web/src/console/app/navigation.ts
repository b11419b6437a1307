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
      { to: "/keys", label: "API keys", icon: "key" },
      { to: "/usage", label: "Usage", icon: "usage" },
      { to: "/policies", label: "Policies", icon: "policy", offered: ({ can }) => can.seeEverything },
      { to: "/prices", label: "Prices", icon: "price" },
    ],
  },
  {
    label: "Organization",
    items: [
      { to: "/workspaces", label: "Workspaces", icon: "workspace" },
      { to: "/organization", label: "Organization", icon: "organization" },
      { to: "/members", label: "Members", icon: "members" },
      { to: "/access-tokens", label: "Access tokens", icon: "token", offered: ({ can }) => can.seeEverything },
    ],
  },
  {
    label: "Activity",
    items: [
      { to: "/alerts", label: "Alerts", icon: "alert" },
      { to: "/raises", label: "Raises", icon: "up" },
      { to: "/mail", label: "Mail", icon: "mail" },
      { to: "/alert-webhooks", label: "Webhooks", icon: "webhook", offered: ({ can }) => can.seeEverything },
      { to: "/audit", label: "Audit log", icon: "audit", offered: ({ can }) => can.seeEverything },
    ],
  },
  {
    label: "Instance",
    items: [
      { to: "/operator/jobs", label: "Jobs", icon: "jobs", offered: ({ can }) => can.operate },
    ],
  },
];
