import { browserStorage } from "./storage";

/** Under this name the token is kept: in sessionStorage, or in localStorage when the user asked to remember it. */
const storageKey = "bursar:token";

/** A bearer token and whether it outlives the browser's tab. An empty value means that there is none. */
export interface Token {
  value: string;
  remember: boolean;
}

/** The token in use, and another one that a link has brought, if the user has not yet said which one they want. */
export interface Tokens {
  used: Token;
  offered: string | undefined;
}

/** The tokens to start with: the one kept, and the one in the address (`#token=bst_…`, as `bursar dev` prints it). */
export function initialTokens(): Tokens {
  const remembered = browserStorage("localStorage")?.getItem(storageKey);
  const used = remembered
    ? { value: remembered, remember: true }
    : { value: browserStorage("sessionStorage")?.getItem(storageKey) ?? "", remember: false };
  return withTokenFromAddress({ used, offered: undefined });
}

/**
 * The tokens after the one in the address, if there is one: it is taken out of the address bar and the history entry at
 * once. Anybody can make such a link, so it is used, and kept for this tab alone, only if there is no token yet. Otherwise
 * it is offered, unless it is the one in use.
 */
export function withTokenFromAddress(known: Tokens): Tokens {
  const value = normalizeToken(new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "");
  if (value === "") return known;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  if (known.used.value === value) return { ...known, offered: undefined };
  if (known.used.value !== "") return { ...known, offered: value };
  const used = { value, remember: false };
  keepToken(used);
  return { used, offered: undefined };
}

/** As much of a token as tells it from others and is of no use to anybody: what lists of access tokens show as well. */
export function maskToken(value: string): string {
  if (/^bst_[0-9A-Za-z]{40,}$/.test(value)) return `${value.slice(0, 10)}…`;
  return value.length < 16 ? "…" : `${value.slice(0, 2)}…${value.slice(-2)}`;
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
