import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

export const rootToken = "root-token-of-the-pages-0000000000000000";

/**
 * Starts `bursar dev` with a database of its own. `flags` are further ones. The answer has its origin, the demo organization's
 * administrator token and the API key that is printed for the gateway, the program's file, `graphql`, which sends an operation as the operator, or
 * with another token, `awaitHistory`, which waits until the demo organization has its month of history, and `keep`, which stops the program and
 * leaves its data in a folder. The program and the data that it begins with are those that run.mjs has made; a file that is run alone makes its own.
 */
export async function startProgram(flags = []) {
  const folder = await mkdtemp(join(tmpdir(), "bursar-pages-"));
  const binary = buildProgram(folder);
  if (process.env.BURSAR_TEST_DATA !== undefined) {
    execFileSync("cp", ["-a", process.env.BURSAR_TEST_DATA, join(folder, "data")]);
  }
  const running = spawn(binary, ["dev", "--addr", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--root-token", rootToken, ...flags]);
  const printed = await new Promise((resolve, reject) => {
    let text = "";
    const read = (part) => {
      text += part;
      if (/^ready[\s\S]*/m.test(text)) resolve(text);
    };
    running.stdout.on("data", read);
    running.stderr.on("data", read);
    running.on("exit", () => reject(new Error(`bursar dev ended:\n${text}`)));
  });
  const origin = printed.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
  const apiKey = printed.match(/API key\s+(\S+)/)[1];
  const adminToken = printed.match(/Admin token\s+(\S+)/)[1];
  const end = async () => {
    running.removeAllListeners("exit");
    if (running.exitCode === null) {
      const ended = new Promise((resolve) => running.on("exit", resolve));
      running.kill("SIGTERM");
      await ended;
    }
  };
  return {
    origin,
    adminToken,
    apiKey,
    binary,
    graphql: (query, variables, token = rootToken) => send(origin, token, query, variables),
    awaitHistory: async () => {
      const made = `{ auditLog(filter: {action: "createDemoHistory"}, first: 1) { nodes { id } } }`;
      for (const deadline = Date.now() + 180_000; (await send(origin, rootToken, made)).auditLog.nodes.length === 0; await setTimeout(50)) {
        assert.ok(Date.now() < deadline, "the demo organization gets no history");
      }
    },
    keep: async (data) => {
      await end();
      await rename(join(folder, "data"), data);
      await rm(folder, { recursive: true, force: true });
    },
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the program's file: that which run.mjs has built, else one that is built into a folder. */
export function buildProgram(folder) {
  if (process.env.BURSAR_TEST_PROGRAM !== undefined) return process.env.BURSAR_TEST_PROGRAM;
  const binary = join(folder, "bursar");
  execFileSync("go", ["build", "-o", binary, "bursar/cmd/bursar"], { cwd: new URL("../..", import.meta.url) });
  return binary;
}

/**
 * Sends an operation and returns its data; an answer with errors fails the test. What a busy server had no time for, and has not done, is sent again,
 * as its message says.
 */
async function send(origin, token, query, variables) {
  for (const deadline = Date.now() + 120_000; ; await setTimeout(500)) {
    const response = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await response.json();
    if (answer.errors?.some(({ extensions }) => extensions?.code === "UNAVAILABLE") && Date.now() < deadline) continue;
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    return answer.data;
  }
}
