import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { alertSearch } from "./search";

export const alertRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/alerts",
    validateSearch: alertSearch,
    component: lazyRouteComponent(() => import("./AlertsPage"), "AlertsPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/alerts/$alertId",
    component: lazyRouteComponent(() => import("./AlertPage"), "AlertPage"),
  }),
];
