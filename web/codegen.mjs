// Writes src/console/gql out of ../graph/schema and the documents beside the console's components: GraphQL Code
// Generator's client preset, and what graphcache has to know about the schema. Run by `npm run build`; not committed.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codegen } from "@graphql-codegen/core";
import { preset } from "@graphql-codegen/client-preset";
import { gqlPluckFromCodeString } from "@graphql-tools/graphql-tag-pluck";
import { buildSchema, isAbstractType, isIntrospectionType, isObjectType, Kind, parse, print, printSchema, visit } from "graphql";

const schemaFolder = new URL("../graph/schema/", import.meta.url).pathname;
const source = new URL("src/console/", import.meta.url).pathname;
const output = join(source, "gql/");

/** How values of the schema's scalars look in JSON. */
const scalars = {
  ID: "string",
  Decimal: { input: "string", output: "string" },
  Int64: "number",
  Time: "string",
  Metadata: "Record<string, string>",
  JSON: "unknown",
};

const schema = await readSchema();
const documents = await readDocuments();
const files = await preset.buildGeneratesSection({
  baseOutputDir: output,
  schema: parse(printSchema(schema)),
  schemaAst: schema,
  documents,
  config: { scalars, strictScalars: true, useTypeImports: true },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
});
await mkdir(join(output, "public/console"), { recursive: true });
for (const file of files) await writeChanged(file.filename, await codegen(file));
await writeChanged(join(output, "cacheTypes.ts"), cacheTypes());
await writeChanged(join(output, "documents.json"), JSON.stringify(executableDocuments(), null, 1));
await writeChanged(join(output, "public/console/documents.graphql"), `${documents.map(({ document }) => print(document)).join("\n\n")}\n`);

async function readSchema() {
  const names = (await readdir(schemaFolder)).filter((name) => name.endsWith(".graphqls")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(schemaFolder, name), "utf8")));
  return buildSchema(texts.join("\n"));
}

/** The documents of every `graphql(…)` call. */
async function readDocuments() {
  const names = (await readdir(source, { recursive: true })).filter((name) => /\.tsx?$/.test(name) && !name.startsWith("gql"));
  const documents = [];
  for (const name of names.sort()) {
    const code = await readFile(join(source, name), "utf8");
    if (!/\bgraphql\(/.test(code)) continue;
    for (const { body } of await gqlPluckFromCodeString(name, code, { skipIndent: true })) {
      documents.push({ location: join(source, name), rawSDL: body, document: parse(body) });
    }
  }
  return documents;
}

/**
 * The types of each interface and union; the mutations, after which lists are read again; and the object types without an id,
 * which graphcache keeps inside their parents.
 */
function cacheTypes() {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const possible = types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type).map((each) => each.name)]);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const embedded = types.filter((type) => isObjectType(type) && !roots.includes(type) && !("id" in type.getFields()));
  return [
    "// Written by codegen.mjs.",
    `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(possible), null, 2)};`,
    `export const mutationFields: string[] = ${JSON.stringify(Object.keys(schema.getMutationType().getFields()), null, 2)};`,
    `export const embeddedTypes: string[] = ${JSON.stringify(embedded.map((type) => type.name), null, 2)};`,
    "",
  ].join("\n");
}

/** Each document by its text, with the fragments that it uses: vite.config.ts puts them in place of the `graphql(…)` calls. */
function executableDocuments() {
  const fragments = new Map();
  for (const { document } of documents) {
    for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return Object.fromEntries(
    documents.map(({ rawSDL, document }) => {
      const used = new Set(document.definitions);
      for (const definition of used) { // a set is walked with what is added meanwhile
        visit(definition, { FragmentSpread: ({ name }) => void used.add(fragments.get(name.value)) });
      }
      return [rawSDL, { kind: Kind.DOCUMENT, definitions: [...used].map(withoutLocations) }];
    }),
  );
}

function withoutLocations(definition) {
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === "loc" ? undefined : value)));
}

/** Writes a file unless it has this text already, so that a development server reloads nothing. */
async function writeChanged(name, text) {
  if ((await readFile(name, "utf8").catch(() => undefined)) !== text) await writeFile(name, text);
}
