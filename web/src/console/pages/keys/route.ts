import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readSearch } from "./list";
import { readKeySearch } from "./page/search";

/** The table of keys; its search is the whole state. */
export const keysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/keys",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("./KeysPage"), "KeysPage"),
});

export const newKeyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/keys/new",
  validateSearch: (raw: Record<string, unknown>): { owner?: string } => (typeof raw["owner"] === "string" ? { owner: raw["owner"] } : {}),
  component: lazyRouteComponent(() => import("./NewKeyPage"), "NewKeyPage"),
});

export const keyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/keys/$keyId",
  validateSearch: readKeySearch,
  component: lazyRouteComponent(() => import("./page/KeyPage"), "KeyPage"),
});

export const editKeyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/keys/$keyId/edit",
  component: lazyRouteComponent(() => import("./EditKeyPage"), "EditKeyPage"),
});

export const keysRoutes = [keysRoute, newKeyRoute, keyRoute, editKeyRoute];
