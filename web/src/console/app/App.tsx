import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { PageLoading } from "../ui/PageLoading";
import { OfferedToken } from "./OfferedToken";
import { signInPath } from "./paths";
import { useSession } from "./SessionProvider";
import { ViewerGate } from "./ViewerGate";

const SignInPage = lazy(() => import("../pages/signIn/SignInPage"));

/**
 * The page that the address names, once somebody is signed in; the sign-in under the same address before, so that it is
 * not lost.
 */
export function App() {
  const { credentials, offered } = useSession();
  const { pathname } = useLocation();
  return (
    <Suspense fallback={<PageLoading />}>
      {credentials === undefined || pathname === signInPath ? (
        <SignInPage />
      ) : (
        <ViewerGate>
          <Outlet />
        </ViewerGate>
      )}
      {credentials && offered && <OfferedToken used={credentials} offered={offered} />}
    </Suspense>
  );
}
