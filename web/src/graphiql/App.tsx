import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useMemo, useState, type ComponentProps } from "react";
import { refusesToken } from "./access";
import { send } from "./request";
import { editorStorage } from "./editorStorage";
import { OfferedToken } from "./OfferedToken";
import { defaultTabs, firstVariables } from "./tabs";
import { initialTokens, keepToken, withTokenFromAddress, type Token } from "./token";
import { TokenBar } from "./TokenBar";
import { useAccess } from "./useAccess";

type Fetcher = ComponentProps<typeof GraphiQL>["fetcher"];

/** GraphiQL under the bar with the token. A new token makes a new fetcher, upon which GraphiQL reads the schema anew. */
export function App() {
  const [tokens, setTokens] = useState(initialTokens);
  const { used: token, offered } = tokens;
  const [access, refuse] = useAccess(token.value);
  const [storage] = useState(editorStorage);
  const [initialVariables] = useState(() => firstVariables(storage));

  // A link with a token that is opened while the page is already there changes the fragment alone.
  useEffect(() => {
    const take = () => setTokens(withTokenFromAddress(tokens));
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [tokens]);

  const change = useCallback((changed: Token) => {
    keepToken(changed);
    setTokens((known) => ({ used: changed, offered: known.offered === changed.value ? undefined : known.offered }));
  }, []);
  const keep = useCallback(() => setTokens((known) => ({ ...known, offered: undefined })), []);

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
      {offered !== undefined && (
        <OfferedToken
          used={token.value}
          access={access}
          offered={offered}
          onUse={() => change({ value: offered, remember: false })}
          onKeep={keep}
        />
      )}
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          defaultTabs={defaultTabs}
          initialVariables={initialVariables}
          defaultEditorToolsVisibility="variables"
        />
      </main>
    </>
  );
}
