import { isSendable, normalizeToken } from "../../graphiql/token";
import { browserStorage } from "../../graphiql/storage";

/** GraphiQL reads the access token under this name, so that its link in the console needs no second sign-in. */
const tokenKey = "bursar:token";
const identityKey = "bursar:identity";
const organizationKey = "bursar:organization";

/** What every request is sent with: an access token, or the identity token of somebody who signed in. */
export interface Credentials {
  kind: "access-token" | "identity";
  token: string;
}

/** What is kept in the tab: sessionStorage ends with it, and other tabs do not see it. */
export function storedCredentials(): Credentials | undefined {
  const storage = browserStorage("sessionStorage");
  const identity = storage?.getItem(identityKey);
  if (identity) return { kind: "identity", token: identity };
  const token = storage?.getItem(tokenKey);
  return token ? { kind: "access-token", token } : undefined;
}

/** Keeps the credentials for as long as the tab is open, or forgets them. */
export function storeCredentials(credentials: Credentials | undefined): void {
  const storage = browserStorage("sessionStorage");
  storage?.removeItem(identityKey);
  storage?.removeItem(tokenKey);
  if (credentials) storage?.setItem(credentials.kind === "identity" ? identityKey : tokenKey, credentials.token);
}

/** The id of the organization that was chosen last in this tab, for people who are members of several and for the operator. */
export function storedOrganization(): string | undefined {
  return browserStorage("sessionStorage")?.getItem(organizationKey) ?? undefined;
}

export function storeOrganization(id: string | undefined): void {
  const storage = browserStorage("sessionStorage");
  if (id === undefined) storage?.removeItem(organizationKey);
  else storage?.setItem(organizationKey, id);
}

/** An access token as it was typed or pasted, without blanks and the word Bearer; undefined when it cannot be one. */
export function accessToken(typed: string): Credentials | undefined {
  const token = normalizeToken(typed);
  return isSendable(token) ? { kind: "access-token", token } : undefined;
}

/** Takes the token out of an address that ends in `#token=bst_…`, as `bursar dev` prints it, and out of the history. */
export function takeTokenFromAddress(): Credentials | undefined {
  const value = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (value === null) return undefined;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return accessToken(value);
}
