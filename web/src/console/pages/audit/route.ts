import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { auditSearch } from "./search";

export const auditRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/audit",
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import("./AuditPage"), "AuditPage"),
  }),
];
