import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readPage } from "../../app/list";

export const tokenRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/access-tokens",
    validateSearch: readPage,
    component: lazyRouteComponent(() => import("./TokensPage"), "TokensPage"),
  }),
];
