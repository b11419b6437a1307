import { createServer, request } from "node:http";

/**
 * Passes requests on to a gateway and counts them by the header x-demo-tag, so that it is known how many a client sent. `wait` sets what is awaited before a
 * request of a tag is passed on.
 */
export async function startCounter(gateway) {
  const arrived = new Map();
  const waits = new Map();
  const server = createServer(async (from, to) => {
    const tag = from.headers["x-demo-tag"];
    const before = arrived.get(tag) ?? 0;
    arrived.set(tag, before + 1);
    await waits.get(tag)?.(before);
    const passed = request(new URL(from.url, gateway), { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      to.flushHeaders();
      answer.on("error", () => to.destroy());
      answer.pipe(to);
    });
    passed.on("error", () => to.destroy());
    to.on("close", () => passed.destroy());
    from.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    wait: (tag, before) => waits.set(tag, before),
    arrived: (tag) => arrived.get(tag) ?? 0,
    stop: () => server.close() && server.closeAllConnections(),
  };
}
