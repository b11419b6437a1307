import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { Provider } from "urql";
import { createClient } from "./client";
import type { LiveState } from "./live";
import {
  storeCredentials,
  storedCredentials,
  storedOrganization,
  storeOrganization,
  takeTokenFromAddress,
  type Credentials,
} from "./credentials";

/** Who is signed in in this tab, and how to change that. */
export interface SessionState {
  /** Undefined: nobody is. */
  credentials: Credentials | undefined;
  /** Why the server ended the last session, in its words; undefined when it did not. */
  ended: string | undefined;
  /** The organization that was chosen, by id; undefined until one is. */
  organizationId: string | undefined;
  /** How the pages learn of changes. */
  live: LiveState;
  /** A token that a link has brought while somebody is signed in: nothing is sent with it until they say so. */
  offered: Credentials | undefined;
  signIn: (credentials: Credentials) => void;
  signOut: () => void;
  chooseOrganization: (id: string) => void;
  /** Declines the offered token. */
  keep: () => void;
}

const Context = createContext<SessionState | undefined>(undefined);

/** The state of the session. Pages want `useViewer`, which knows what its bearer may do. */
export function useSession(): SessionState {
  const state = use(Context);
  if (state === undefined) throw new Error("useSession outside of SessionProvider");
  return state;
}

type Kept = Pick<SessionState, "credentials" | "offered" | "organizationId" | "ended">;

/** Holds the session, and gives its pages a client whose cache ends with it. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState(initial);
  const [live, setLive] = useState<LiveState>("offline");

  const begin = useCallback((credentials: Credentials | undefined) => {
    storeCredentials(credentials);
    storeOrganization(undefined);
    setKept({ credentials, ended: undefined, offered: undefined, organizationId: undefined });
  }, []);

  /** Ends the session of these credentials, in the server's words, unless another one has begun: an answer may come late. */
  const end = useCallback((credentials: Credentials, message: string) => {
    if (storedCredentials()?.token === credentials.token) storeCredentials(undefined);
    setKept((known) =>
      known.credentials?.token === credentials.token ? { ...known, credentials: undefined, offered: undefined, ended: message } : known,
    );
  }, []);

  // A link with a token that is opened while the console is already there changes the fragment alone.
  useEffect(() => {
    const take = () => setKept(withTokenFromAddress);
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  const { credentials, organizationId } = kept;
  const client = useMemo(
    () =>
      credentials &&
      createClient({
        credentials,
        organizationId,
        onUnauthenticated: (message) => {
          // A person who is no member of this organization any more may be one of others: ask again without naming it.
          if (credentials.kind === "identity" && organizationId !== undefined) setKept(without(organizationId));
          else end(credentials, message);
        },
        onLeft: () => {
          if (organizationId !== undefined) setKept(without(organizationId));
        },
        onLive: setLive,
      }),
    [credentials, organizationId, end],
  );
  const actions = useMemo(
    () => ({
      signIn: (given: Credentials) => begin(given),
      signOut: () => begin(undefined),
      chooseOrganization: (id: string) => {
        storeOrganization(id);
        setKept((known) => ({ ...known, organizationId: id }));
      },
      keep: () => setKept((known) => ({ ...known, offered: undefined })),
    }),
    [begin],
  );
  const state = useMemo<SessionState>(() => ({ ...kept, live, ...actions }), [kept, live, actions]);
  // Another session begins anew: nothing of what the last one has read is shown in it, or asked for with its credentials.
  const session = `${organizationId} ${credentials?.token}`;
  return (
    <Context value={state}>
      {client ? (
        <Provider key={session} value={client}>
          {children}
        </Provider>
      ) : (
        children
      )}
    </Context>
  );
}

/** The session without an organization, unless it is in another one by now. */
function without(organizationId: string): (known: Kept) => Kept {
  return (known) => (known.organizationId === organizationId ? { ...known, organizationId: undefined } : known);
}

function initial(): Kept {
  return withTokenFromAddress({
    credentials: storedCredentials(),
    organizationId: storedOrganization(),
    ended: undefined,
    offered: undefined,
  });
}

/** Anybody can make a link with a token, so it is used at once only where nobody is signed in, and offered otherwise. */
function withTokenFromAddress(known: Kept): Kept {
  const offered = takeTokenFromAddress();
  if (offered === undefined || offered.token === known.credentials?.token) return known;
  if (known.credentials) return { ...known, offered };
  storeCredentials(offered);
  return { credentials: offered, ended: undefined, offered: undefined, organizationId: undefined };
}
