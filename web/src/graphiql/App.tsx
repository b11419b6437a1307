import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useMemo, useState, type ComponentProps } from "react";
import { refusesToken } from "./access";
import { send } from "./request";
import { browserStorage } from "./storage";
import { defaultTabs, firstVariables } from "./tabs";
import { initialToken, keepToken, takeTokenFromAddress, type Token } from "./token";
import { TokenBar } from "./TokenBar";
import { useAccess } from "./useAccess";

type Fetcher = ComponentProps<typeof GraphiQL>["fetcher"];

/** GraphiQL under the bar with the token. A new token makes a new fetcher, upon which GraphiQL reads the schema anew. */
export function App() {
  const [token, setToken] = useState(initialToken);
  const [access, refuse] = useAccess(token.value);
  const [initialVariables] = useState(() => firstVariables(browserStorage("localStorage")));

  // A link with a token that is opened while the page is already there changes the fragment alone.
  useEffect(() => {
    const take = () => setToken((known) => takeTokenFromAddress() ?? known);
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  const change = useCallback((changed: Token) => {
    keepToken(changed);
    setToken(changed);
  }, []);

  const fetcher = useMemo<Fetcher>(
    () => async (request, options) => {
      const { status, answer } = await send(token.value, request, options?.headers);
      // A tab with an Authorization of its own says nothing about the token in the bar.
      const ownAuthorization = Object.keys(options?.headers ?? {}).some((name) => name.toLowerCase() === "authorization");
      if (!ownAuthorization && refusesToken(status, answer)) refuse();
      return answer as Awaited<ReturnType<Fetcher>>;
    },
    [token.value, refuse],
  );

  return (
    <>
      <TokenBar token={token} access={access} onChange={change} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          defaultTabs={defaultTabs}
          initialVariables={initialVariables}
          defaultEditorToolsVisibility="variables"
        />
      </main>
    </>
  );
}
