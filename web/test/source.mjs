import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

/** Loads a TypeScript module of the console, for tests of what needs no browser. */
export async function load(path) {
  const file = fileURLToPath(new URL(`../src/console/${path}`, import.meta.url));
  return (await runnerImport(file, { configFile: false, logLevel: "error" })).module;
}
