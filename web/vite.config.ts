import { defineConfig } from "vite";

// Two pages: the front page at / and GraphiQL at /graphiql. The Go binary embeds dist/ and serves it under these
// very paths, so every address in the built files is absolute and none leaves the server.
export default defineConfig({
  base: "/",
  build: {
    assetsDir: "graphiql/assets",
    // Data addresses would hide small files from the cache and need a looser policy on the front page.
    assetsInlineLimit: 0,
    // The polyfill serves browsers that cannot run GraphiQL anyway.
    modulePreload: { polyfill: false },
    // The bundled libraries ask that their licences travel along.
    license: { fileName: "graphiql/licenses.md" },
    // Monaco, the code editor, is one chunk of this order; it is loaded after the page is drawn.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      // The directives for server rendering in the libraries mean nothing here.
      checks: { moduleLevelDirective: false },
      input: { front: "index.html", graphiql: "graphiql/index.html" },
    },
  },
  // Modules rather than bundles, so that workers may load parts of themselves later.
  worker: { format: "es" },
});
