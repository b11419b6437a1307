import * as oauth from "oauth4webapi";
import { signInPath } from "../../app/paths";
import { browserStorage } from "../../../graphiql/storage";

/** What is kept while the person is at the identity provider. */
interface Started {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
}

const storageKey = "bursar:sign-in";

export interface Provider {
  issuer: string;
  clientId: string;
}

/** The server accepts an issuer without TLS on its own machine alone. */
const options = (issuer: string) => ({ [oauth.allowInsecureRequests]: issuer.startsWith("http:") });

const redirectUri = () => window.location.origin + signInPath;

async function discover({ issuer }: Provider): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: "oidc", ...options(issuer) }));
}

/** Sends the person to the identity provider: authorization code flow with PKCE. They come back to `returnTo`. */
export async function beginSignIn(provider: Provider, returnTo: string): Promise<void> {
  const storage = browserStorage("sessionStorage");
  if (storage === undefined) throw new Error("Signing in needs the browser’s session storage, which is switched off.");
  const server = await discover(provider);
  if (server.authorization_endpoint === undefined) throw new Error("The identity provider names no page to sign in at.");
  const started: Started = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo,
  };
  storage.setItem(storageKey, JSON.stringify(started));
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri(),
    response_type: "code",
    scope: "openid email profile",
    state: started.state,
    nonce: started.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  window.location.assign(url);
}

/** Whether the page was opened by the identity provider's answer. */
export function isAnswer(address: URL): boolean {
  return address.pathname === signInPath && (address.searchParams.has("code") || address.searchParams.has("error"));
}

/** Exchanges the answer in the address for the person's identity token, which the API takes as a bearer token. Works once. */
export async function completeSignIn(provider: Provider, address: URL): Promise<{ token: string; returnTo: string }> {
  const storage = browserStorage("sessionStorage");
  const kept = storage?.getItem(storageKey);
  storage?.removeItem(storageKey);
  if (!kept) throw new Error("This sign-in was begun in another tab, or is over.");
  const started = JSON.parse(kept) as Started;
  const server = await discover(provider);
  const client: oauth.Client = { client_id: provider.clientId };
  const parameters = oauth.validateAuthResponse(server, client, address, started.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    started.verifier,
    options(provider.issuer),
  );
  const answer = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: started.nonce,
    requireIdToken: true,
  });
  return { token: answer.id_token!, returnTo: started.returnTo };
}

/** What went wrong, in a sentence for the person. */
export function signInProblem(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError) {
    return error.error === "access_denied"
      ? "The identity provider has not let you in."
      : `The identity provider answered: ${error.error_description ?? error.error}.`;
  }
  if (error instanceof oauth.ResponseBodyError) return `The identity provider answered: ${error.error_description ?? error.error}.`;
  if (error instanceof TypeError) return "The identity provider cannot be reached from this browser.";
  return error instanceof Error ? error.message : String(error);
}
