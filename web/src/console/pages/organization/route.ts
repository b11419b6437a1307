import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";

export const organizationRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/organization",
    component: lazyRouteComponent(() => import("./OrganizationPage"), "OrganizationPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/organization/limits",
    component: lazyRouteComponent(() => import("./OrganizationLimitsPage"), "OrganizationLimitsPage"),
  }),
];
