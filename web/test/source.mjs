import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

/** Loads a TypeScript module of the console, for tests of what needs no browser. */
export const load = (path) => loadFile(new URL(`../src/console/${path}`, import.meta.url));

/** Loads any TypeScript module. */
export async function loadFile(url) {
  const file = fileURLToPath(url);
  return (await runnerImport(file, { configFile: false, logLevel: "error" })).module;
}
