import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/rootRoute";
import { pricesSearch, setPriceSearch } from "./search";

export const priceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/prices",
    validateSearch: pricesSearch,
    component: lazyRouteComponent(() => import("./PricesPage"), "PricesPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/prices/new",
    validateSearch: setPriceSearch,
    component: lazyRouteComponent(() => import("./SetPricePage"), "SetPricePage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/prices/$priceId",
    component: lazyRouteComponent(() => import("./PricePage"), "PricePage"),
  }),
];
