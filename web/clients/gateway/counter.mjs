import { createServer, request } from "node:http";

/** Passes requests on to a gateway and counts them by the header x-demo-tag, so that it is known how many a client sent. */
export async function startCounter(gateway) {
  const arrived = new Map();
  const server = createServer((from, to) => {
    const tag = from.headers["x-demo-tag"];
    arrived.set(tag, (arrived.get(tag) ?? 0) + 1);
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
    arrived: (tag) => arrived.get(tag) ?? 0,
    stop: () => server.close() && server.closeAllConnections(),
  };
}
