import { defineConfig, type Plugin, type UserConfig } from "vite";
import executable from "./src/console/gql/documents.json";

// Two applications, built one after the other so that they share no chunks: GraphiQL at /graphiql (mode graphiql), then
// the console at / and below (mode console). The Go binary embeds dist/ and serves it under these very paths, so every
// address in the built files is absolute and none leaves the server.
const applications: Record<string, { folder: string; page: string }> = {
  graphiql: { folder: "graphiql", page: "graphiql/index.html" },
  console: { folder: "console", page: "index.html" },
};

/**
 * Puts each document in place of the `graphql(…)` call that has its text, so that it is in the chunk of its page: the generated
 * function knows all documents, and would bring all of them with the first page.
 */
const documents: Plugin = {
  name: "documents",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("/src/console/") || id.includes("/gql/") || !code.includes("graphql(`")) return;
    return {
      code: code.replace(/\bgraphql\(`([^`]*)`\)/g, (_, text: string) => {
        const document = (executable as Record<string, unknown>)[text];
        if (document === undefined) throw new Error(`${id} has a document that codegen.mjs has not read: run it again`);
        return JSON.stringify(document);
      }),
      map: null,
    };
  },
};

export default defineConfig(({ command, mode }): UserConfig => {
  const { folder, page } = applications[command === "build" ? mode : "console"]!;
  return {
    base: "/",
    plugins: mode === "graphiql" ? [] : [documents],
    // The console's operations, for operators who let only those run that they have been given: codegen.mjs writes the file.
    publicDir: mode === "graphiql" ? false : "src/console/gql/public",
    build: {
      assetsDir: `${folder}/assets`,
      emptyOutDir: mode === "graphiql", // the first of the two
      // Data addresses would hide small files from the cache and need a looser policy.
      assetsInlineLimit: 0,
      // The polyfill serves browsers that cannot run either application anyway.
      modulePreload: { polyfill: false },
      // Browsers that know light-dark(), which the colours are written with.
      cssTarget: ["chrome123", "firefox120", "safari17.5"],
      // The bundled libraries ask that their licences travel along.
      license: { fileName: `${folder}/licenses.md` },
      // Monaco, GraphiQL's code editor, is one chunk of this order; it is loaded after the page is drawn.
      chunkSizeWarningLimit: mode === "graphiql" ? 4096 : 512,
      rolldownOptions: {
        // The directives for server rendering in the libraries mean nothing here.
        checks: { moduleLevelDirective: false },
        input: { [folder]: page },
      },
    },
    // Modules rather than bundles, so that workers may load parts of themselves later.
    worker: { format: "es" },
    // `npm run dev` serves the console with a `bursar dev` behind it.
    server: { proxy: { "^/(graphql|events|export|console/config.json)": "http://127.0.0.1:8080" } },
  };
});
