import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { signInPath } from "../../app/paths";
import { useSession } from "../../app/SessionProvider";
import { Button } from "../../ui/Button";
import { Note } from "../../ui/Note";
import type { Provider } from "./oidc";

/** Where to go after the sign-in: what the address names now. */
function here(): string {
  const { pathname, search } = window.location;
  return pathname === signInPath ? "/" : pathname + search;
}

/** Signs a person in at the identity provider, and takes its answer. The code for it is loaded when it is used. */
export function PersonSignIn({ provider }: { provider: Provider }) {
  const { signIn } = useSession();
  const router = useRouter();
  const [pending, setPending] = useState(() => window.location.pathname === signInPath && window.location.search !== "");
  const [problem, setProblem] = useState<string>();
  const taken = useRef(false);

  useEffect(() => {
    const address = new URL(window.location.href);
    if (taken.current || address.pathname !== signInPath || address.search === "") return;
    taken.current = true; // an answer works once
    const take = async () => {
      const oidc = await import("./oidc");
      try {
        if (!oidc.isAnswer(address)) return;
        const { token, returnTo } = await oidc.completeSignIn(provider, address);
        router.history.replace(returnTo);
        signIn({ kind: "identity", token });
      } catch (error) {
        router.history.replace(signInPath); // without the code
        setProblem(oidc.signInProblem(error));
      } finally {
        setPending(false);
      }
    };
    void take();
  }, [provider, router, signIn]);

  const begin = async () => {
    setPending(true);
    setProblem(undefined);
    const oidc = await import("./oidc");
    try {
      await oidc.beginSignIn(provider, here());
    } catch (error) {
      setPending(false);
      setProblem(oidc.signInProblem(error));
    }
  };
  return (
    <>
      {problem && (
        <Note tone="danger" title="You are not signed in.">
          {problem}
        </Note>
      )}
      <Button variant="primary" pending={pending} onClick={() => void begin()}>
        Sign in with {new URL(provider.issuer).host}
      </Button>
    </>
  );
}
