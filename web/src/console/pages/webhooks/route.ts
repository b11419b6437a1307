import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readPage } from "../../app/list";
import { shellRoute } from "../../app/rootRoute";

export const webhookRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/alert-webhooks",
    component: lazyRouteComponent(() => import("./WebhooksPage"), "WebhooksPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/alert-webhooks/$webhookId",
    validateSearch: readPage,
    component: lazyRouteComponent(() => import("./WebhookPage"), "WebhookPage"),
  }),
];
