import { randomBytes } from "node:crypto";

/**
 * An organization of its own for a test, with governance and a workspace, people of every role, and a token bound to each: OWNER, ADMIN,
 * MEMBER, and one to VIEWER and GATEWAY. `graphql` sends an operation with one of them.
 */
export async function createTenant(program, name = "Acme") {
  const slug = `t-${randomBytes(6).toString("hex")}`;
  const domain = `${slug}.test`;
  const { createOrganization } = await program.graphql("mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }", {
    input: { name, slug, plan: "ENTERPRISE" },
  });
  const organizationId = createOrganization.organization.id;
  const { createWorkspace } = await program.graphql("mutation($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }", {
    input: { organizationId, name: "Production" },
  });
  const tokens = {};
  const emails = {};
  const memberIds = {};
  for (const role of ["OWNER", "ADMIN", "MEMBER"]) {
    emails[role] = `${role.toLowerCase()}@${domain}`;
    const { addMember } = await program.graphql("mutation($input: AddMemberInput!) { addMember(input: $input) { member { id } } }", {
      input: { organizationId, email: emails[role], name: `The ${role.toLowerCase()}`, role },
    });
    memberIds[role] = addMember.member.id;
    tokens[role] = await createToken(program, { organizationId, name: role, role: "OWNER", memberId: memberIds[role] });
  }
  for (const role of ["VIEWER", "GATEWAY"]) tokens[role] = await createToken(program, { organizationId, name: role, role });
  return {
    organizationId,
    workspaceId: createWorkspace.workspace.id,
    domain,
    tokens,
    emails,
    memberIds,
    graphql: (query, variables, role = "ADMIN") => program.graphql(query, variables, tokens[role]),
  };
}

async function createToken(program, input) {
  const { createAccessToken } = await program.graphql("mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }", { input });
  return createAccessToken.secret;
}

/** Makes a key with a token of the tenant; the answer has its secret and, in `apiKey`, what later changes need. */
export async function createKey(tenant, input, role = "ADMIN") {
  const mutation = `mutation($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret apiKey { id prefix version budgetLimits { id type } rateLimits { id } } }
  }`;
  return (await tenant.graphql(mutation, { input: { ownerId: tenant.workspaceId, ...input } }, role)).createApiKey;
}
