import { buildSchema, graphql, GraphQLError } from "graphql";

/** As much of Bursar's schema as the pages' first tab and the check of the token need. */
const schema = buildSchema(`
  scalar Decimal
  scalar Int64
  scalar Time
  type Query {
    viewer: Viewer
    "Whether the key may go on"
    checkUsage(input: CheckUsageInput!): UsageDecision
  }
  type Viewer { role: String! organization: Organization member: Member }
  type Organization { id: ID! slug: String! }
  type Member { id: ID! email: String! }
  input CheckUsageInput { secret: String key: String estimate: EstimateInput }
  input EstimateInput { requests: Int64 tokens: Int64 cost: Decimal }
  type UsageDecision {
    allowed: Boolean!
    httpStatus: Int!
    retryAfterSeconds: Int
    apiKeyId: ID
    denials: [Denial!]!
    limits: [LimitStatus!]!
  }
  type Denial { reason: String! message: String! limitId: ID retryAt: Time }
  type LimitStatus {
    limitId: ID!
    subjectId: ID!
    kind: String!
    type: String!
    max: Decimal!
    used: Decimal!
    reserved: Decimal!
    remaining: Decimal!
    resetsAt: Time
  }
`);

const resolvers = {
  viewer: { role: "GATEWAY", organization: { id: "org_1", slug: "acme" }, member: null },
  checkUsage: ({ input }) => ({
    allowed: true,
    httpStatus: 200,
    apiKeyId: `key_for_${input.secret ?? input.key}`,
    denials: [],
    limits: [],
  }),
};

/** Answers one GraphQL request, as Bursar would: with HTTP 401 and UNAUTHENTICATED if the token is not the right one. */
export async function answer(request, authorization, token) {
  if (authorization !== `Bearer ${token}`) {
    const refused = new GraphQLError("The token is not valid.", { extensions: { code: "UNAUTHENTICATED" } });
    return { status: 401, body: { errors: [refused] } };
  }
  const { query, variables, operationName } = request;
  const body = await graphql({ schema, rootValue: resolvers, source: query, variableValues: variables, operationName });
  return { status: 200, body };
}
