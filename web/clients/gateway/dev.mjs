import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a report may take until it is booked, in milliseconds. */
const patience = 30_000;

/** Starts `bursar dev` on free ports with a database of its own. BURSAR_BINARY is the program; unset, it is built. */
export async function startDev(root) {
  const folder = await mkdtemp(join(tmpdir(), "bursar-clients-"));
  const binary = process.env.BURSAR_BINARY ?? join(folder, "bursar");
  if (process.env.BURSAR_BINARY === undefined) execFileSync("go", ["build", "-o", binary, "./cmd/bursar"], { cwd: root, stdio: "inherit" });
  const running = spawn(binary, ["dev", "--addr", "127.0.0.1:0", "--data-dir", join(folder, "data")]);
  const printed = await new Promise((resolve, reject) => {
    let text = "";
    const read = (part) => {
      text += part;
      if (/^ready at /m.test(text)) resolve(text);
    };
    running.stdout.on("data", read);
    running.stderr.on("data", read);
    running.on("error", reject);
    running.on("exit", () => reject(new Error(`bursar dev ended:\n${text}`)));
  });
  const find = (pattern) => printed.match(pattern)[1];
  const origin = find(/ready at (\S+) /);
  const token = find(/Admin token\s+(\S+)/);
  const truth = find(/Demo provider\s+(\S+)/);
  const organization = find(/\(organization demo, (org_\w+)\)/);

  const ask = async (query, variables) => {
    const response = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
  const events = async (apiKeyId) => {
    const { usageEvents } = await ask(
      "query($id: ID!) { usageEvents(filter: { apiKeyId: $id }, first: 100) { nodes { cost metadata } } }",
      { id: apiKeyId },
    );
    return usageEvents.nodes.map(({ cost, metadata }) => ({ cost, estimated: metadata.estimated === "true" }));
  };

  return {
    gateway: find(/Gateway\s+(http\S+)/),
    createKey: async (name, limits, expiresAt) => {
      const input = { ownerId: organization, name: name.slice(0, 100), expiresAt, ...limits };
      const made = await ask("mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }", { input });
      return { secret: made.createApiKey.secret, id: made.createApiKey.apiKey.id };
    },
    /** What has reached the provider with a tag, when no such request is in flight. */
    reached: async (tag) => await (await fetch(`${truth}?idle=1&tag=${encodeURIComponent(tag)}`)).json(),
    /** The usage events of a key, when there are as many as are wanted, or after a while. */
    booked: async (apiKeyId, wanted) => {
      for (const until = Date.now() + patience; ; ) {
        const found = await events(apiKeyId);
        if (found.length >= wanted || Date.now() > until) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      running.removeAllListeners("exit");
      const ended = new Promise((resolve) => running.on("exit", resolve));
      running.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
