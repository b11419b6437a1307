import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const rootToken = "root-token-of-the-pages-0000000000000000";

/**
 * Builds the program and starts `bursar dev` with a database of its own. `flags` are further ones. The answer has its origin, the
 * demo organization's administrator token, the program's file, and `graphql`, which sends an operation as the operator, or with another
 * token.
 */
export async function startProgram(flags = []) {
  const folder = await mkdtemp(join(tmpdir(), "bursar-pages-"));
  const binary = buildProgram(folder);
  const process = spawn(binary, ["dev", "--addr", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--root-token", rootToken, ...flags]);
  const printed = await new Promise((resolve, reject) => {
    let text = "";
    const read = (part) => {
      text += part;
      if (/^ready[\s\S]*/m.test(text)) resolve(text);
    };
    process.stdout.on("data", read);
    process.stderr.on("data", read);
    process.on("exit", () => reject(new Error(`bursar dev ended:\n${text}`)));
  });
  const origin = printed.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
  const adminToken = printed.match(/Admin token\s+(\S+)/)[1];
  return {
    origin,
    adminToken,
    binary,
    graphql: (query, variables, token = rootToken) => send(origin, token, query, variables),
    stop: async () => {
      process.removeAllListeners("exit");
      if (process.exitCode === null) {
        const ended = new Promise((resolve) => process.on("exit", resolve));
        process.kill("SIGTERM");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Builds the program into a folder; returns its file. */
export function buildProgram(folder) {
  const binary = join(folder, "bursar");
  execFileSync("go", ["build", "-o", binary, "bursar/cmd/bursar"], { cwd: new URL("../..", import.meta.url) });
  return binary;
}

/** Sends an operation and returns its data; an answer with errors fails the test. */
async function send(origin, token, query, variables) {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}
