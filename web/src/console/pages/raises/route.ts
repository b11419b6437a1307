import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { raiseSearch } from "./search";

export const raiseRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/raises",
    validateSearch: raiseSearch,
    component: lazyRouteComponent(() => import("./RaisesPage"), "RaisesPage"),
  }),
];
