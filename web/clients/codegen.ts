import type { CodegenConfig } from "@graphql-codegen/cli";

/** For `npx graphql-codegen`, beside a schema.graphql that `bursar schema` or GET /schema.graphql wrote. */
const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["documents.ts"],
  generates: {
    "gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      config: {
        // Values as they are in JSON. strictScalars: a scalar that is missing here fails the build, and is not `any`.
        scalars: { ID: "string", Decimal: "string", Int64: "number", Time: "string", Metadata: "Record<string, string>", JSON: "unknown" },
        strictScalars: true,
        // Caches add __typename to every selection but the root's, so it is always in what they answer.
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        useTypeImports: true,
      },
    },
    "gql/cacheTypes.ts": { plugins: ["./cache-types.mjs"] },
  },
};

export default config;
