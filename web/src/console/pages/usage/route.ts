import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readState, writeState, type ExplorerSearch } from "./state";

export const usageRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/usage",
    validateSearch: (search: Record<string, unknown>): ExplorerSearch => writeState(readState(search)),
    component: lazyRouteComponent(() => import("./UsagePage"), "UsagePage"),
  }),
];
