import { createRouter } from "@tanstack/react-router";
import { PageError } from "./PageError";
import { PageLoading } from "../ui/PageLoading";
import { keysRoutes } from "../pages/keys/route";
import { alertRoutes } from "../pages/alerts/route";
import { auditRoutes } from "../pages/audit/route";
import { jobRoutes } from "../pages/jobs/route";
import { mailRoutes } from "../pages/mail/route";
import { memberRoutes } from "../pages/members/route";
import { organizationRoutes } from "../pages/organization/route";
import { overviewRoutes } from "../pages/overview/route";
import { policyRoutes } from "../pages/policies/route";
import { priceRoutes } from "../pages/prices/route";
import { raiseRoutes } from "../pages/raises/route";
import { tokenRoutes } from "../pages/tokens/route";
import { usageRoutes } from "../pages/usage/route";
import { webhookRoutes } from "../pages/webhooks/route";
import { workspaceRoutes } from "../pages/workspaces/route";
import { rootRoute, shellRoute } from "./rootRoute";

// A page is a folder in pages/ whose route.ts exports its routes: made with createRoute, with shellRoute as their parent
// and a lazy component, so that each page is a chunk of its own. It is listed here, and in navigation.ts if it has a link.
// Paths below /jobs, /docs, /graphiql, /outbox, /metrics, /events and /export are the server's: they cannot be pages.
const routeTree = rootRoute.addChildren([
  shellRoute.addChildren([
    ...overviewRoutes,
    ...keysRoutes,
    ...usageRoutes,
    ...policyRoutes,
    ...priceRoutes,
    ...workspaceRoutes,
    ...organizationRoutes,
    ...memberRoutes,
    ...tokenRoutes,
    ...alertRoutes,
    ...raiseRoutes,
    ...mailRoutes,
    ...webhookRoutes,
    ...auditRoutes,
    ...jobRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultErrorComponent: PageError,
  defaultPendingComponent: PageLoading,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
