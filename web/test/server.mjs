import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { json } from "node:stream/consumers";
import { answer } from "./schema.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
};

/** The policies, read out of policy.go: the pages are tested under the very ones that the binary sends. */
async function policies() {
  const source = await readFile(new URL("../policy.go", import.meta.url), "utf8");
  const constant = (name) => {
    const found = source.match(new RegExp(`${name} = ((?:"[^"]*"[\\s+]*)+)`));
    if (found === null) throw new Error(`policy.go has no constant ${name}`);
    return [...found[1].matchAll(/"([^"]*)"/g)].map((part) => part[1]).join("");
  };
  return { console: constant("consolePolicy"), graphiql: constant("graphiqlPolicy") };
}

/**
 * Serves dist as web.Handler does, and a small /graphql that accepts the token alone. `requests` collects what the
 * latter was sent.
 */
export async function startServer(token) {
  const policy = await policies();
  const requests = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/graphql") {
      const received = await json(request);
      requests.push({ ...received, authorization: request.headers.authorization });
      const { status, body } = await answer(received, request.headers.authorization, token);
      response.writeHead(status, { "Content-Type": "application/graphql-response+json" }).end(JSON.stringify(body));
      return;
    }
    const name = { "/": "/index.html", "/graphiql": "/graphiql/index.html" }[pathname] ?? pathname;
    const headers = {
      "Content-Security-Policy": pathname.startsWith("/graphiql") ? policy.graphiql : policy.console,
      "Cross-Origin-Resource-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    };
    try {
      const body = await readFile(new URL(`../dist${name}`, import.meta.url));
      response.writeHead(200, { ...headers, "Content-Type": types[extname(name)] }).end(body);
    } catch (error) {
      response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end(error.message);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
