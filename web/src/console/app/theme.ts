import { useSyncExternalStore } from "react";
import { browserStorage } from "../../graphiql/storage";

export type Theme = "system" | "light" | "dark";

const storageKey = "bursar:theme";
const listeners = new Set<() => void>();

/** The theme that was chosen in this browser; `system` follows prefers-color-scheme. */
export function theme(): Theme {
  const stored = browserStorage("localStorage")?.getItem(storageKey);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Puts the theme onto the page, where tokens.css reads it. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export function chooseTheme(chosen: Theme): void {
  if (chosen === "system") browserStorage("localStorage")?.removeItem(storageKey);
  else browserStorage("localStorage")?.setItem(storageKey, chosen);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, theme);
}

/** Whether the page is dark now, for what is drawn on a canvas; changes with the choice and with the system. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => {
    const chosen = theme();
    return chosen === "system" ? darkSystem().matches : chosen === "dark";
  });
}

const darkSystem = () => window.matchMedia("(prefers-color-scheme: dark)");

function subscribe(listener: () => void) {
  const system = darkSystem();
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}
