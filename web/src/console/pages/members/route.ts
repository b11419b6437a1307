import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readPage } from "../../app/list";

export const memberRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/members",
    validateSearch: readPage,
    component: lazyRouteComponent(() => import("./MembersPage"), "MembersPage"),
  }),
];
