import { Client, createRequest, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import type { CombinedError, OperationContext } from "@urql/core";
import { retryExchange } from "@urql/exchange-retry";
import { normalizedCache, type Changes } from "./cache";
import type { Credentials } from "./credentials";
import { hasCode } from "./errors";
import { listen, type LiveState } from "./live";
import { isAboutOrganization, organizationHeader } from "./organizationHeader";
import { Pace } from "./pace";

interface Options {
  credentials: Credentials;
  organizationId: string | undefined;
  /** Called with the server's message when it does not accept the credentials any more. */
  onUnauthenticated: (message: string) => void;
  /** Called when the organization is not one of the person's, or not any more. */
  onLeft: () => void;
  /** Called when pages begin, or cease, to hear of changes as they happen. */
  onLive: (state: LiveState) => void;
}

/** A GraphQL client with a cache of its own, for one session in one organization. */
export function createClient({ credentials, organizationId, onUnauthenticated, onLeft, onLive }: Options): Client {
  const headers = requestHeaders(credentials, organizationId);
  const pace = new Pace();
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetch: pace.fetch,
    requestPolicy: "cache-and-network",
    fetchOptions: { headers },
    exchanges: [
      normalizedCache(),
      // A query that a busy server refused is asked again before its page says so; a change is not made twice.
      retryExchange({
        retryIf: (error, { kind }) => kind === "query" && hasCode(error, "UNAVAILABLE"),
        initialDelayMs: 1000,
        maxDelayMs: 15_000,
        maxNumberAttempts: 4,
      }),
      mapExchange({
        onError: (error, { context }) => {
          if (hasCode(error, "UNAVAILABLE")) pace.refused();
          if (context.keepsSession) return;
          if (isUnauthenticated(error)) onUnauthenticated(error.graphQLErrors[0]?.message ?? error.message);
          else if (error.graphQLErrors.some(({ extensions }) => isAboutOrganization(extensions))) onLeft();
        },
      }),
      fetchExchange,
      // The one subscription is not the server's: GET /events, as the cache takes it.
      subscriptionExchange({
        forwardSubscription: () => ({
          subscribe: (sink) => ({
            unsubscribe: listen(headers, {
              onChanges: (changes: Changes) => sink.next({ data: { changes } }),
              onState: onLive,
              onUnauthenticated,
              onLeft,
              pace,
            }),
          }),
        }),
      }),
    ],
  });
}

/** The context of an operation whose UNAUTHENTICATED does not end the session, because another one may be allowed. */
export const keepsSession: Partial<OperationContext> = { keepsSession: true };

const ChangesSubscription = createRequest<{ changes: Changes }, Record<string, never>>("subscription Changes { changes }", {});

/** Keeps what the pages show up to date until the returned function is called. */
export function followChanges(client: Client): () => void {
  const { unsubscribe } = client.executeSubscription(ChangesSubscription).subscribe(() => undefined);
  return unsubscribe;
}

/** What every request of the session carries, those without GraphQL (events, exports) too. */
export function requestHeaders(credentials: Credentials, organizationId: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { Authorization: `Bearer ${credentials.token}` };
  if (organizationId !== undefined) headers[organizationHeader] = organizationId;
  return headers;
}

export function isUnauthenticated(error: CombinedError): boolean {
  const response = error.response as Response | undefined;
  return response?.status === 401 || error.graphQLErrors.some((each) => each.extensions.code === "UNAUTHENTICATED");
}
