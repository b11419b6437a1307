import { codegen } from "@graphql-codegen/core";
import { preset } from "@graphql-codegen/client-preset";
import { gqlPluckFromCodeString } from "@graphql-tools/graphql-tag-pluck";
import { buildSchema, parse, printSchema } from "graphql";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProgram } from "./program.mjs";
import { loadFile } from "./source.mjs";

/** The examples of the manual's page on clients. What is generated there is not committed. */
export const folder = fileURLToPath(new URL("../clients/", import.meta.url));

/** Writes the schema as the program prints it, and what GraphQL Code Generator and relay-compiler make of it and of the documents. */
export async function generate() {
  const scratch = await mkdtemp(join(tmpdir(), "bursar-clients-"));
  await writeFile(join(folder, "schema.graphql"), execFileSync(buildProgram(scratch), ["schema"]));
  await rm(scratch, { recursive: true });
  await generateTypes();
  await mkdir(join(folder, "relay/__generated__"), { recursive: true });
  await writeFile(join(folder, "relay/persisted.json"), "{}");
  run("relay-compiler", "--repersist", "relay.config.json", { cwd: join(folder, "relay") });
}

/** Runs a command of a package, and fails with what it printed. */
export function run(command, ...given) {
  const options = typeof given.at(-1) === "object" ? given.pop() : { cwd: folder };
  const file = fileURLToPath(new URL(`../node_modules/.bin/${command}`, import.meta.url));
  try {
    execFileSync(file, given, { ...options, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`${command} ${given.join(" ")}:\n${error.stdout}${error.stderr}`);
  }
}

/** Does what `graphql-codegen` does with codegen.ts; the command itself is 190 packages. */
async function generateTypes() {
  const { default: config } = await loadFile(new URL("../clients/codegen.ts", import.meta.url));
  const schemaAst = buildSchema(await readFile(join(folder, config.schema), "utf8"));
  const schema = parse(printSchema(schemaAst));
  const documents = [];
  for (const name of config.documents) {
    const location = join(folder, name);
    for (const { body } of await gqlPluckFromCodeString(location, await readFile(location, "utf8"), { skipIndent: true })) {
      documents.push({ location, rawSDL: body, document: parse(body) });
    }
  }
  for (const [name, output] of Object.entries(config.generates)) {
    const target = join(folder, name);
    if (output.preset === "client") {
      await mkdir(target, { recursive: true });
      const { presetConfig, config } = output;
      const section = { baseOutputDir: `${folder}${name}`, schema, schemaAst, documents, config, presetConfig, plugins: [], pluginMap: {} };
      for (const file of await preset.buildGeneratesSection(section)) await writeFile(file.filename, await codegen(file));
    } else {
      const pluginMap = {};
      for (const plugin of output.plugins) pluginMap[plugin] = await import(join(folder, plugin));
      const plugins = output.plugins.map((plugin) => ({ [plugin]: {} }));
      await writeFile(target, await codegen({ filename: target, schema, schemaAst, documents: [], config: {}, plugins, pluginMap }));
    }
  }
}

/** The requests to /graphql that this process sends. */
export function countRequests() {
  const send = globalThis.fetch;
  const counted = { number: 0 };
  globalThis.fetch = (url, options) => {
    if (String(url).endsWith("/graphql")) counted.number++;
    return send(url, options);
  };
  return counted;
}

/** Lets a test cut off streams of /events; `lastIds` are the ids that each was asked to go on after. */
export function cutStreams() {
  const send = globalThis.fetch;
  const streams = { lastIds: [], cut: () => undefined };
  globalThis.fetch = (url, options) => {
    if (!String(url).endsWith("/events")) return send(url, options);
    const connection = new AbortController();
    streams.cut = () => connection.abort();
    streams.lastIds.push(options.headers["Last-Event-ID"]);
    return send(url, { ...options, signal: AbortSignal.any([options.signal, connection.signal]) });
  };
  return streams;
}
