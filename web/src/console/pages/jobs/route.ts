import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";

// Not /jobs, where the server has River UI.
export const jobRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/operator/jobs",
    component: lazyRouteComponent(() => import("./JobsPage"), "JobsPage"),
  }),
];
