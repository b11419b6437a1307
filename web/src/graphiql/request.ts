import type { Answer } from "./access";
import { isSendable } from "./token";

/** One GraphQL request as it travels in the body. */
export interface GraphQLRequest {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

/** A server's answer together with its HTTP status. */
export interface GraphQLResponse {
  status: number;
  answer: Answer;
}

/**
 * Sends one request to /graphql with the token. Headers given beside it (GraphiQL's Headers editor) win over it.
 * Without any Authorization nothing is sent: the server could only refuse, so the answer is made here.
 * Rejects if the server cannot be reached or does not answer in JSON.
 */
export async function send(token: string, request: GraphQLRequest, extra: Record<string, string> = {}): Promise<GraphQLResponse> {
  const headers = new Headers({
    Accept: "application/graphql-response+json, application/json;q=0.9",
    "Content-Type": "application/json",
  });
  if (isSendable(token)) headers.set("Authorization", `Bearer ${token}`);
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  if (!headers.has("Authorization")) return { status: 401, answer: unsent };

  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(request) });
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) {
    throw new Error(`/graphql answered with HTTP ${response.status} and no JSON`);
  }
  return { status: response.status, answer: (await response.json()) as Answer };
}

/** What stands in for the server's answer when there is no token to send. */
const unsent: Answer = {
  errors: [
    {
      message: "Nothing was sent: enter an access token in the field at the top of the page.",
      extensions: { code: "UNAUTHENTICATED" },
    },
  ],
};
