/**
 * The browser's storage of that kind, or undefined where the user's settings forbid it; the page then works all the
 * same and forgets when it is closed.
 */
export function browserStorage(kind: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return window[kind];
  } catch {
    return undefined;
  }
}
