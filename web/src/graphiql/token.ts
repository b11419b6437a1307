import { browserStorage } from "./storage";

/** Under this name the token is kept: in sessionStorage, or in localStorage when the user asked to remember it. */
const storageKey = "bursar:token";

/** A bearer token and whether it outlives the browser's tab. An empty value means that there is none. */
export interface Token {
  value: string;
  remember: boolean;
}

/**
 * The token to start with: the one in the address (`#token=bst_…`, as `bursar dev` prints it), else the one kept.
 * One from the address is taken out of the address bar and the history entry at once and kept for this tab alone.
 */
export function initialToken(): Token {
  const handedIn = takeTokenFromAddress();
  if (handedIn !== undefined) return handedIn;
  const remembered = browserStorage("localStorage")?.getItem(storageKey);
  if (remembered) return { value: remembered, remember: true };
  return { value: browserStorage("sessionStorage")?.getItem(storageKey) ?? "", remember: false };
}

/** The token in the address's fragment, which it removes; undefined if there is none. */
export function takeTokenFromAddress(): Token | undefined {
  const value = normalizeToken(new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "");
  if (value === "") return undefined;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  const token = { value, remember: false };
  keepToken(token);
  return token;
}

/** Keeps the token where its `remember` says and nowhere else. */
export function keepToken(token: Token): void {
  const session = browserStorage("sessionStorage");
  const local = browserStorage("localStorage");
  session?.removeItem(storageKey);
  local?.removeItem(storageKey);
  if (token.value !== "") (token.remember ? local : session)?.setItem(storageKey, token.value);
}

/** What was typed or pasted, without what tends to come along: blanks and the word Bearer. */
export function normalizeToken(typed: string): string {
  return typed.trim().replace(/^bearer\s+/i, "");
}

/** Whether the value can travel in an Authorization header at all. */
export function isSendable(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value);
}
