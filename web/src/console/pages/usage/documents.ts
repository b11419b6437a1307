import { graphql } from "../../gql";

export const UsageReport = graphql(`
  query UsageReport($filter: UsageFilter!, $interval: UsageInterval!, $groupBy: [UsageDimension!], $top: Int, $orderBy: UsageOrder, $compareWith: UsageSpan,
    $timeZone: String, $weekStartsOn: Weekday) {
    usage(filter: $filter, interval: $interval, groupBy: $groupBy, top: $top, orderBy: $orderBy, compareWith: $compareWith,
      timeZone: $timeZone, weekStartsOn: $weekStartsOn) {
      total {
        requests
        inputTokens
        outputTokens
        cachedInputTokens
        reasoningTokens
        tokens
        cost
        denied
      }
      compared {
        requests
        tokens
        cost
        denied
      }
      comparedBuckets {
        requests
        tokens
        cost
        denied
      }
      series {
        others
        dimensions {
          dimension
          value
          node {
            __typename
            id
            ... on ApiKey {
              name
            }
            ... on Workspace {
              name
            }
          }
        }
        total {
          requests
          inputTokens
          outputTokens
          cachedInputTokens
          reasoningTokens
          tokens
          cost
          denied
        }
        compared {
          requests
          tokens
          cost
          denied
        }
        buckets {
          start
          end
          requests
          tokens
          cost
          denied
        }
      }
    }
  }
`);

/** What can be chosen in the filters: models and providers that were used in the range. */
export const UsageValues = graphql(`
  query UsageValues($filter: UsageFilter!, $interval: UsageInterval!) {
    usage(filter: $filter, interval: $interval, groupBy: [PROVIDER, MODEL], top: 100, orderBy: REQUESTS) {
      series {
        others
        dimensions {
          dimension
          value
        }
        total {
          requests
        }
      }
    }
  }
`);

export const UsageWorkspaces = graphql(`
  query UsageWorkspaces($organization: ID!, $after: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        workspaces(first: 100, after: $after) {
          nodes {
            id
            name
          }
        }
      }
    }
  }
`);

/** Keys to choose from, by what was typed. */
export const UsageKeys = graphql(`
  query UsageKeys($organization: ID!, $search: String, $owner: ID) {
    apiKeys(
      filter: { organizationId: $organization, search: $search, ownerId: $owner }
      orderBy: { field: NAME, direction: ASC }
      first: 20
    ) {
      nodes {
        id
        name
        prefix
      }
    }
  }
`);

/** The names of keys that an address names. */
export const UsageChosenKeys = graphql(`
  query UsageChosenKeys($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on ApiKey {
        name
        prefix
      }
    }
  }
`);
