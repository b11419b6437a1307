import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { mailSearch } from "./search";

export const mailRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/mail",
    validateSearch: mailSearch,
    component: lazyRouteComponent(() => import("./MailPage"), "MailPage"),
  }),
];
