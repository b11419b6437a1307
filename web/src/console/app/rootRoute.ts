import { createRootRoute, createRoute } from "@tanstack/react-router";
import { App } from "./App";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

export const rootRoute = createRootRoute({ component: App, notFoundComponent: NotFound });

/** The parent of every page of somebody who is signed in. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: "shell", component: Shell });
