import { graphql } from "./gql";

// Operations of a small portal, which urql and Apollo Client run as they are. Each mutation selects what it changes beside the thing itself:
// the subject of a limit or a recipient, the organization of a workspace or a member. And the version wherever there is one, because the
// next save with an old one would be a conflict.

/** A page of keys. Edges, because the helpers of both clients for infinite lists put these together, and not nodes. */
export const Keys = graphql(`
  query Keys($first: Int!, $after: String, $filter: ApiKeyFilter, $orderBy: ApiKeyOrder) {
    apiKeys(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      edges { cursor node { ...KeyRow } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const KeyRow = graphql(`
  fragment KeyRow on ApiKey {
    id
    version
    name
    status
    enabled
    lastUsedAt
    metadata
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
  }
`);

/** What a form about limits shows of a key, a workspace or an organization. */
export const SubjectLimits = graphql(`
  fragment SubjectLimits on LimitSubject {
    __typename
    id
    version
    budgetLimits { ...Budget }
    rateLimits { id version type limit interval used remaining resetsAt }
    recipients { email source suppressedAt }
  }
`);

export const Budget = graphql(`
  fragment Budget on BudgetLimit {
    id
    version
    type
    amount
    used
    reserved
    remaining
    alertThresholds
    periodicReset
    periodEnd
  }
`);

export const Key = graphql(`
  query Key($id: ID!) {
    apiKey(id: $id) { ...KeyRow ...SubjectLimits }
  }
`);

export const Subject = graphql(`
  query Subject($id: ID!) {
    node(id: $id) { __typename id ...SubjectLimits }
  }
`);

export const CreateKey = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret replayed message apiKey { ...KeyRow ...SubjectLimits } }
  }
`);

export const SaveKey = graphql(`
  mutation SaveKey($input: UpdateApiKeyInput!) {
    updateApiKey(input: $input) { apiKey { ...KeyRow ...SubjectLimits } }
  }
`);

export const RevokeKey = graphql(`
  mutation RevokeKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) { apiKey { ...KeyRow } }
  }
`);

export const CreateBudget = graphql(`
  mutation CreateBudget($input: CreateBudgetLimitInput!) {
    createBudgetLimit(input: $input) { budgetLimit { id } subject { ...SubjectLimits } }
  }
`);

export const UpdateBudget = graphql(`
  mutation UpdateBudget($input: UpdateBudgetLimitInput!) {
    updateBudgetLimit(input: $input) { budgetLimit { ...Budget } subject { id version } }
  }
`);

export const DeleteBudget = graphql(`
  mutation DeleteBudget($input: DeleteBudgetLimitInput!) {
    deleteBudgetLimit(input: $input) { deletedId subject { ...SubjectLimits ... on ApiKey { status } } }
  }
`);

export const RemoveRecipients = graphql(`
  mutation RemoveRecipients($input: RemoveRecipientsInput!) {
    removeRecipients(input: $input) { subject { ...SubjectLimits } }
  }
`);

/** Lists of an organization. A mutation that changes one selects the same fragment, so with the same arguments. */
export const OrganizationLists = graphql(`
  fragment OrganizationLists on Organization {
    id
    workspaces(first: 100) { totalCount nodes { id name slug } }
    members(first: 100) { totalCount nodes { id email role } }
  }
`);

export const Viewer = graphql(`
  query Viewer {
    viewer { role organization { ...OrganizationLists } }
  }
`);

export const CreateWorkspace = graphql(`
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) { workspace { id } organization { ...OrganizationLists } }
  }
`);

export const DeleteWorkspace = graphql(`
  mutation DeleteWorkspace($input: DeleteWorkspaceInput!) {
    deleteWorkspace(input: $input) { deletedId organization { ...OrganizationLists } }
  }
`);

export const AddMember = graphql(`
  mutation AddMember($input: AddMemberInput!) {
    addMember(input: $input) { member { id } organization { ...OrganizationLists } }
  }
`);

export const RemoveMember = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) { deletedId organization { ...OrganizationLists } }
  }
`);

/** A report has no id: it is kept under its arguments, so give instants that do not change with each call. */
export const Spend = graphql(`
  query Spend($filter: UsageFilter!, $interval: UsageInterval!) {
    usage(filter: $filter, interval: $interval, groupBy: [API_KEY], top: 5) {
      total { requests tokens cost }
      series {
        others
        dimensions { dimension value node { __typename ... on ApiKey { id name } } }
        total { cost }
        buckets { start cost }
      }
    }
  }
`);

/** What GET /events has named, as the pages show it. */
export const Changed = graphql(`
  query Changed($ids: [ID!]!) {
    nodes(ids: $ids) { __typename id ...KeyRow ...SubjectLimits ...Budget }
  }
`);
