import { graphql } from "relay-runtime";

/** A list that is read page by page. Relay keeps the pages of each filter and order together. */
export const keys = graphql`
  fragment Portal_keys on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }, filter: { type: "ApiKeyFilter" })
  @refetchable(queryName: "PortalKeysPageQuery") {
    apiKeys(first: $first, after: $after, filter: $filter) @connection(key: "Portal_apiKeys", filters: ["filter"]) {
      edges {
        node {
          id
          name
          status
          lastUsedAt
          metadata
        }
      }
    }
  }
`;

export const keysQuery = graphql`
  query PortalKeysQuery($filter: ApiKeyFilter) {
    ...Portal_keys @arguments(filter: $filter)
  }
`;

export const limits = graphql`
  fragment Portal_limits on LimitSubject {
    id
    version
    budgetLimits {
      id
      version
      type
      amount
      used
    }
    recipients {
      email
      source
    }
  }
`;

export const subjectQuery = graphql`
  query PortalSubjectQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...Portal_limits @alias(as: "limits")
    }
  }
`;

/** `connections` are those that the key belongs into: getConnectionID(ROOT_ID, "Portal_apiKeys", { filter }) names them. */
export const createKey = graphql`
  mutation PortalCreateKeyMutation($input: CreateApiKeyInput!, $connections: [ID!]!) {
    createApiKey(input: $input) {
      secret
      apiKey @prependNode(connections: $connections, edgeTypeName: "ApiKeyEdge") {
        id
        name
        status
        lastUsedAt
        metadata
      }
    }
  }
`;

export const createBudget = graphql`
  mutation PortalCreateBudgetMutation($input: CreateBudgetLimitInput!) {
    createBudgetLimit(input: $input) {
      subject {
        ...Portal_limits
      }
    }
  }
`;

export const updateBudget = graphql`
  mutation PortalUpdateBudgetMutation($input: UpdateBudgetLimitInput!) {
    updateBudgetLimit(input: $input) {
      budgetLimit {
        id
        version
        amount
      }
      subject {
        id
        version
      }
    }
  }
`;

export const deleteBudget = graphql`
  mutation PortalDeleteBudgetMutation($input: DeleteBudgetLimitInput!) {
    deleteBudgetLimit(input: $input) {
      deletedId @deleteRecord
      subject {
        ...Portal_limits
      }
    }
  }
`;

export const viewerQuery = graphql`
  query PortalViewerQuery {
    viewer {
      role
      organization {
        id
        name
        plan
      }
      memberships {
        role
        organization {
          id
          name
          slug
        }
      }
    }
  }
`;

/** What GET /events has named. */
export const changedQuery = graphql`
  query PortalChangedQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ...Portal_limits @alias(as: "limits")
      ... on BudgetLimit {
        amount
        used
      }
    }
  }
`;
