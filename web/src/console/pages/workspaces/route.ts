import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readPage } from "../../app/list";

export const workspaceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/workspaces",
    validateSearch: readPage,
    component: lazyRouteComponent(() => import("./WorkspacesPage"), "WorkspacesPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/workspaces/$workspaceId",
    component: lazyRouteComponent(() => import("./WorkspacePage"), "WorkspacePage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/workspaces/$workspaceId/limits",
    component: lazyRouteComponent(() => import("./WorkspaceLimitsPage"), "WorkspaceLimitsPage"),
  }),
];
