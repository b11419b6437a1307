import { graphql } from "../../gql";

export const AuditPage = graphql(`
  query AuditPage($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id
        action
        actor
        actorNode {
          __typename
          id
          ... on Member {
            email
            memberName: name
            removedAt
          }
          ... on AccessToken {
            name
            prefix
          }
        }
        targetId
        target {
          __typename
          id
          ... on ApiKey {
            name
          }
          ... on Workspace {
            name
          }
          ... on Organization {
            name
          }
          ... on Member {
            email
          }
          ... on AccessToken {
            name
          }
          ... on BudgetLimit {
            type
            amount
            periodicReset
          }
          ... on RateLimit {
            rateType: type
            limit
            interval
          }
        }
        before
        after
        reason
        at
        requestId
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

/** Whom the filter by actor offers. */
export const AuditActors = graphql(`
  query AuditActors($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        members(first: 100) {
          nodes {
            id
            email
            name
          }
        }
        accessTokens(first: 100) {
          nodes {
            id
            name
            prefix
          }
        }
      }
    }
  }
`);
