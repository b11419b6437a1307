// A plugin for GraphQL Code Generator: what normalized caches have to know of the schema.
import { isAbstractType, isIntrospectionType, isObjectType } from "graphql";

export function plugin(schema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const possibleTypes = types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]);
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const embedded = types.filter((type) => isObjectType(type) && !roots.includes(type) && !("id" in type.getFields()));
  return [
    "/** The object types of each interface and union. */",
    `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(possibleTypes), null, 2)};`,
    "/** Object types without an id, which a cache keeps inside of their parents. */",
    `export const embeddedTypes: string[] = ${JSON.stringify(embedded.map(({ name }) => name), null, 2)};`,
    "",
  ].join("\n");
}
