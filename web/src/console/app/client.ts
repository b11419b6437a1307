import { Client, fetchExchange, mapExchange } from "urql";
import type { CombinedError } from "@urql/core";
import { normalizedCache } from "./cache";
import type { Credentials } from "./credentials";

/** The header in which people of several organizations say which one they mean; the server ignores it for access tokens. */
export const organizationHeader = "Bursar-Organization";

interface Options {
  credentials: Credentials;
  organizationId: string | undefined;
  /** Called when the server does not accept the credentials any more. */
  onUnauthenticated: () => void;
}

/** A GraphQL client with a cache of its own, for one session in one organization. */
export function createClient({ credentials, organizationId, onUnauthenticated }: Options): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({ headers: requestHeaders(credentials, organizationId) }),
    exchanges: [
      normalizedCache(),
      mapExchange({
        onError: (error) => {
          if (isUnauthenticated(error)) onUnauthenticated();
        },
      }),
      fetchExchange,
    ],
  });
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
