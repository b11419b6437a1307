import { graphql } from "../../gql";

/** What the organization spends, day by day, and its budgets: the part of the page that is seen first. */
export const SpendQuery = graphql(`
  query OverviewSpend($organizationId: ID!, $subjectId: ID, $from: Time!, $to: Time!) {
    usage(filter: { subjectId: $subjectId, from: $from, to: $to }, interval: DAY) {
      series {
        buckets {
          start
          cost
          requests
          tokens
          denied
        }
      }
    }
    node(id: $organizationId) {
      __typename
      id
      ... on Organization {
        budgetLimits {
          ...OverviewBudget
        }
      }
    }
  }
`);

export const OverviewBudget = graphql(`
  fragment OverviewBudget on BudgetLimit {
    id
    type
    amount
    used
    reserved
    remaining
    exhausted
    thresholds { amount }
    periodicReset
    timeZone
    periodStart
    periodEnd
    projectedExhaustion
    burnDown(interval: DAY) {
      at
      used
    }
  }
`);

/** Who and what spends, and what needs attention. */
export const DetailQuery = graphql(`
  query OverviewDetail($organizationId: ID!, $subjectId: ID, $month: Time!, $today: Time!, $to: Time!) {
    keys: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [API_KEY], top: 5) {
      ...OverviewTop
    }
    models: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [MODEL], top: 5) {
      ...OverviewTop
    }
    workspaces: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [WORKSPACE], top: 5) {
      ...OverviewTop
    }
    alerts(filter: { organizationId: $organizationId }, first: 5) {
      nodes {
        id
        kind
        type
        threshold
        amount
        used
        raisedAt
        subject {
          __typename
          id
          name
        }
      }
    }
    exhausted: apiKeys(filter: { organizationId: $organizationId, statuses: [EXHAUSTED] }, first: 8) {
      nodes {
        ...OverviewKey
      }
    }
    recent: apiKeys(
      filter: { organizationId: $organizationId, statuses: [ACTIVE] }
      orderBy: { field: LAST_USED_AT, direction: DESC }
      first: 50
    ) {
      nodes {
        ...OverviewKey
      }
    }
    denials(filter: { subjectId: $subjectId, from: $today }, first: 50) {
      requests
      edges { node { hour reason count apiKey { __typename id name } } }
    }
  }
`);

export const OverviewTop = graphql(`
  fragment OverviewTop on UsageReport {
    total {
      cost
    }
    series {
      others
      total {
        cost
        tokens
        requests
      }
      dimensions {
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
    }
  }
`);

export const OverviewKey = graphql(`
  fragment OverviewKey on ApiKey {
    id
    name
    lastUsedAt
    budgetLimits {
      id
      type
      amount
      used
      reserved
    }
    rateLimits {
      id
      type
      limit
      interval
      used
      reserved
    }
  }
`);
