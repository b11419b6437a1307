import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readPolicySearch } from "./page/search";

export const policyRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/policies",
    component: lazyRouteComponent(() => import("./PoliciesPage"), "PoliciesPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/policies/new",
    component: lazyRouteComponent(() => import("./form/NewPolicyPage"), "NewPolicyPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/policies/$policyId",
    validateSearch: readPolicySearch,
    component: lazyRouteComponent(() => import("./page/PolicyPage"), "PolicyPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/policies/$policyId/edit",
    component: lazyRouteComponent(() => import("./form/EditPolicyPage"), "EditPolicyPage"),
  }),
];
