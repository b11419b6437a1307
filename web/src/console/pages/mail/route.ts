import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { readMailSearch } from "./search";

export const mailRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/mail",
    validateSearch: readMailSearch,
    component: lazyRouteComponent(() => import("./MailPage"), "MailPage"),
  }),
];
