import { useEffect, useState } from "react";

/** What the server says before anybody has signed in. */
export interface Config {
  version: string;
  /** How people sign in; null when access tokens alone are accepted. */
  signIn: { issuer: string; clientId: string } | null;
  /** Whether mail is kept and shown at /outbox. */
  outbox: boolean;
  /** Where applications reach the gateway, without a version; absent when that is not known. */
  gatewayUrl?: string;
  /** A model that the gateway has; absent when none is known. */
  model?: string;
}

let loading: Promise<Config> | undefined;

/** Reads the configuration once; again after a failure. */
export function loadConfig(): Promise<Config> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** The configuration; undefined until it is read, and where it could not be. */
export function useConfig(): Config | undefined {
  const [config, setConfig] = useState<Config>();
  useEffect(() => {
    loadConfig().then(setConfig, () => undefined); // what needs it is left out
  }, []);
  return config;
}

async function read(): Promise<Config> {
  const response = await fetch("/console/config.json");
  if (!response.ok) throw new Error(`/console/config.json answers ${response.status}`);
  return (await response.json()) as Config;
}
