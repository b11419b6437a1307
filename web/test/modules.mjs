import { runnerImport } from "vite";

/** Loads a TypeScript module of the console as Vite does, for tests of what needs no browser. The path is below src/console. */
export async function load(path) {
  const { module } = await runnerImport(new URL(`../src/console/${path}`, import.meta.url).pathname, { configFile: false, logLevel: "error" });
  return module;
}
